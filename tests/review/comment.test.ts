/** The one comment and the one issue, on a stand-in of GitHub: begun, kept current, never repeated, whatever fails. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { comment, issue } from "../../ops/review/comment.ts";
import { GitHub } from "../../ops/review/github.ts";
import { repository } from "./github/events.ts";
import { GitHubStandIn } from "./github/stand-in.ts";

let there: GitHubStandIn;
let gitHub: GitHub;
beforeEach(async () => {
  there = new GitHubStandIn();
  const api = await there.start();
  gitHub = new GitHub({ api, repository, token: there.token, pause: 1 });
});
afterEach(() => there.stop());

const write = (body: string, quiet = false) => comment(gitHub, { number: 7, key: "plan", body, quiet });
const bodies = () => there.comments.map(({ body }) => body);

describe("the comment", () => {
  it("is begun once, then kept current, and left alone where nothing changes", async () => {
    expect(await write("one")).toBe("created");
    expect(await write("two")).toBe("updated");
    expect(await write("two")).toBe("unchanged");
    expect(bodies()).toEqual(["<!-- kairos:plan -->\ntwo"]);
    expect(there.calls.filter((call) => !call.startsWith("GET"))).toEqual([
      "POST /issues/7/comments",
      "PATCH /issues/comments/1",
    ]);
  });

  it("is not begun for a change of nothing, but a comment that is there says so", async () => {
    expect(await write("nothing", true)).toBe("nothing");
    await write("something");
    expect(await write("nothing", true)).toBe("updated");
    expect(bodies()).toEqual(["<!-- kairos:plan -->\nnothing"]);
  });

  it("is found behind 250 others, and is not what somebody copied", async () => {
    for (let index = 0; index < 250; index++) there.comments.push(there.text(`talk ${index}`, "somebody"));
    there.comments.push(there.text("<!-- kairos:plan -->\ncopied", "somebody"));
    there.comments.push(there.text("<!-- kairos:plan -->\nold"));
    expect(await write("new")).toBe("updated");
    expect(bodies().slice(-2)).toEqual(["<!-- kairos:plan -->\ncopied", "<!-- kairos:plan -->\nnew"]);
  });

  it("is no mistake where the token may not write", async () => {
    there.readOnly = true;
    expect(await write("one")).toBe("denied");
    expect(there.calls.filter((call) => call.startsWith("POST"))).toHaveLength(1);
  });

  it("waits as long as GitHub asks for, and tries again", async () => {
    const reset = `${Math.ceil(Date.now() / 1000) + 1}`;
    const began = Date.now();
    there.faults.push(
      { status: 429, headers: { "retry-after": "1" } },
      { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset } },
      { method: "POST", status: 403, headers: { "retry-after": "1" } },
    );
    expect(await write("one")).toBe("created");
    expect(Date.now() - began).toBeGreaterThan(1990);
    expect(bodies()).toHaveLength(1);
  });

  it("is not there twice when GitHub fails after it took the first", async () => {
    there.faults.push({ method: "POST", status: 502, after: true });
    expect(await write("one")).toBe("unchanged");
    expect(bodies()).toEqual(["<!-- kairos:plan -->\none"]);
  });

  it("gives up in one line that holds no token", async () => {
    for (let index = 0; index < 9; index++) there.faults.push({ status: 503 });
    const error = (await write("one").catch((reason) => reason)) as Error;
    expect(error.message).toBe(
      "GitHub: GET /issues/7/comments answered 503 (not now); expected 2xx: run the job again later",
    );
    expect(there.calls).toHaveLength(5);
  });

  it("does not wait for longer than a job should", async () => {
    there.faults.push({ status: 429, headers: { "retry-after": "3600" } });
    await expect(write("one")).rejects.toThrow(/run the job again later/);
    expect(there.calls).toHaveLength(1);
  });
});

describe("the issue of a stack", () => {
  const text = { key: "watch:prod", title: "prod: not well", label: "infrastructure", farewell: "Gone." };
  const say = (body?: string) => issue(gitHub, { ...text, ...(body !== undefined && { body }) });

  it("is opened, kept current, and closed when there is nothing left to say", async () => {
    expect(await say()).toBe("nothing");
    expect(await say("drift")).toBe("created");
    expect(await say("drift")).toBe("unchanged");
    expect(await say("more drift")).toBe("updated");
    expect(await issue(gitHub, { ...text, key: "watch:staging", body: "other" })).toBe("created");
    expect(await say()).toBe("closed");
    expect(there.issues.map(({ state, body }) => [state, body])).toEqual([
      ["closed", "<!-- kairos:watch:prod -->\nGone."],
      ["open", "<!-- kairos:watch:staging -->\nother"],
    ]);
    expect(await say()).toBe("nothing");
    expect(await say("again")).toBe("created");
    expect(there.issues[0]).toMatchObject({ title: "prod: not well", labels: ["infrastructure"] });
  });
});
