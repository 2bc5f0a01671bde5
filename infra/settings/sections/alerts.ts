import { z } from "zod";
import * as kind from "../kinds.ts";

/** Who is told of the few things that wake somebody. Off unless set. */
export const alerts = kind.group({
  /**
   * Atlas tells them, on tiers from M10: a disk that is full and does not grow, connections that run out, a replica that
   * lags, no primary. M0 and FLEX have no such alerts; those that Atlas makes with a project stay.
   */
  emails: z
    .array(kind.email(), { error: "a list of e-mail addresses" })
    .max(25, "at most 25 e-mail addresses, as many as Atlas tells of one alert")
    .default([]),
  /**
   * Render tells the members of the workspace by e-mail of each deploy that fails and each service that does; it takes no
   * addresses. The setting is the whole workspace's, so one stack of a workspace has it.
   */
  workspace: kind.flag().default(false),
});
