import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import * as events from "../../tests/review/github/events.ts";
import { provenance } from "./provenance.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-provenance-"));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rm(folder, { recursive: true, force: true }));

async function inJob(event: object) {
  const file = path.join(folder, "event.json");
  await writeFile(file, JSON.stringify(event));
  vi.stubEnv("GITHUB_ACTIONS", "true");
  vi.stubEnv("GITHUB_EVENT_PATH", file);
  vi.stubEnv("GITHUB_SHA", "5".repeat(40));
  vi.stubEnv("GITHUB_ACTOR", "anna");
  return provenance(folder);
}

describe("where a stack comes from", () => {
  it("of a pull request: its head, not the merge that a job checks out", async () => {
    const event = events.own();
    expect(await inJob(event)).toEqual({
      "kairos:commit": event.pull_request.head.sha,
      "kairos:pull-request": `${event.number}`,
      "kairos:owner": event.pull_request.user.login,
    });
  });

  it.each([
    ["Raise the pool (#12)\n\nFor #7.", "12"],
    ["Merge pull request #34 from a/b\n\nTitle (#9)", "34"],
    ["Straight to main, for (#12) and more", undefined],
  ])("of a merge: %j is of %s", async (message, pull) => {
    const found = await inJob({ ...events.push(), head_commit: { message } });
    expect(found).toEqual({
      "kairos:commit": "5".repeat(40),
      ...(pull !== undefined && { "kairos:pull-request": pull }),
      "kairos:owner": "anna",
    });
  });

  it("of a person: the commit, and whether more than it was there", async () => {
    vi.stubEnv("GITHUB_ACTIONS", "");
    const git = (...args: string[]) =>
      execa("git", ["-c", "user.email=a@example.com", ...args], { cwd: folder });
    expect(await provenance(folder)).not.toHaveProperty("kairos:commit");
    await git("init", "--quiet");
    await git("config", "user.name", "Anna\nof Kaïros");
    await writeFile(path.join(folder, "a"), "1");
    await git("add", "a");
    await git("commit", "--quiet", "-m", "one");
    const { stdout } = await git("rev-parse", "HEAD");
    const own = { "kairos:commit": stdout, "kairos:owner": "Anna of Kaïros" };
    expect(await provenance(folder)).toEqual(own);
    await writeFile(path.join(folder, "a"), "2");
    expect(await provenance(folder)).toEqual({ ...own, "kairos:commit": `${stdout}-dirty` });
  });
});
