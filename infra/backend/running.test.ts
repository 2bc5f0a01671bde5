import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { newPassword } from "../../tests/helpers/program.ts";
import type { RenderDeploy, RenderLogLine } from "../../vendors/render.ts";
import { untilRunning } from "./running.ts";

const password = newPassword();
const variables = { POSTGRES_PASSWORD: pulumi.secret(password), POSTGRES_PORT: pulumi.output("5432") };
const deploy = (id: string, minute: number, status: string): RenderDeploy => ({
  id,
  status,
  createdAt: new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString(),
});
const before = deploy("dep-1", 1, "live");
const line = (message: string): RenderLogLine => ({ message, timestamp: "2026-11-22T10:03:00Z" });

let told: string[];
beforeEach(() => {
  told = [];
  vi.spyOn(pulumi.log, "info").mockImplementation(async (text) => void told.push(text));
});

function waiting(
  answers: RenderDeploy[][],
  logs: () => Promise<RenderLogLine[]> = async () => [],
  limit = 60_000,
) {
  const deploys = async () => (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
  const from = Date.parse(before.createdAt) + 1;
  const awaited = { service: "kairos-backend", id: "srv-1", from, deploys: { limit }, variables, pause: 1 };
  return untilRunning({ deploys, logs }, awaited);
}

describe("untilRunning", () => {
  it("says how the deploy goes, and ends when it is live", async () => {
    const live = deploy("dep-2", 2, "live");
    await waiting([[before], [deploy("dep-2", 2, "update_in_progress")], [live, before]]);
    expect(told).toEqual([
      "kairos-backend: deploy queued",
      "kairos-backend: deploy update_in_progress",
      "kairos-backend: live",
    ]);
  });

  const failed = deploy("dep-2", 2, "update_failed");
  it("fails with Render's status, the last lines without secrets, and what still runs", async () => {
    const lines = ["one", "two", "three", "four", "five", "six"].map(line);
    const refused = line(
      `\u001b[31mFATAL\u001b[0m password ${password} (${encodeURIComponent(password)}) refused\n`,
    );
    let late = 2;
    const logs = async () => (late-- > 0 ? [] : [...lines, line(" "), refused]);
    await expect(waiting([[failed, before]], logs)).rejects.toThrow(
      /^kairos-backend: Render's deploy dep-2 is update_failed; expected live\. Its last words: two \/ three \/ four \/ five \/ six \/ FATAL password \[secret\] \(\[secret\]\) refused\. dep-1 of 2026-11-22T10:01:00\.000Z still runs, with the variables of then\. Put the cause right, then run pulumi up again: it deploys once more$/,
    );
  });

  it.each([
    ["is empty", async () => [], "Its log is empty. "],
    [
      "may not be read",
      async () => Promise.reject(new Error("Render: GET /logs answered 403; expected 2xx")),
      "Its log cannot be read here (Render: GET /logs answered 403; expected 2xx). ",
    ],
  ])("still says that it failed when the log %s", async (_, logs, words) => {
    await expect(waiting([[failed]], logs)).rejects.toThrow(`${words}No other deploy of it runs.`);
  });

  it("gives up after the limit, by the setting's name", async () => {
    await expect(waiting([[deploy("dep-2", 2, "build_in_progress"), before]], undefined, 30)).rejects.toThrow(
      /its deploy is build_in_progress after 0\.0005 min \(kairos:deploys\.limit\); expected live\. dep-1 of .* still runs/,
    );
  });
});
