import { z } from "zod";
import * as kind from "../kinds.ts";

/** What own.ts asks of staging and of short-lived stacks, each by the setting that may be otherwise. */
const sharable = [
  "mongodb.project",
  "mongodb.name",
  "postgres.name",
  "redis.name",
  "redis.url",
  "render.environment",
  "render.outbound",
  "backend.name",
  "backend.link",
  "alerts.workspace",
] as const;
export type Sharable = (typeof sharable)[number];

/**
 * What a stack that is not production's may have in common with others: things that it did not make, names that do
 * not end in its own. Production owns what it uses, and needs none.
 */
export const shares = z
  .array(kind.oneOf(sharable), { error: `a list of ${sharable.join(", ")}` })
  .default([]);
