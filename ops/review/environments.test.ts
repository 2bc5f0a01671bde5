import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Stack, type StateResource } from "../../engine/cli/stack.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { types } from "../../infra/resources.ts";
import { repository } from "../../tests/review/github/events.ts";
import { GitHubStandIn } from "../../tests/review/github/stand-in.ts";
import { expiryTag } from "../env/stacks.ts";
import {
  commentOn,
  type Environment,
  environmentMarkdown,
  environmentsIn,
  farewell,
} from "./environments.ts";
import { GitHub } from "./github.ts";

const now = new Date("2026-11-27T12:00:00Z");
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);

const of = (type: string, inputs: object, more: object = {}) =>
  ({ urn: `urn:pulumi:pr-7::kairos::${type}::a`, type, inputs, ...more }) as StateResource;
const resources = [
  of(
    types.web,
    { plan: "starter" },
    { created: hours(-73).toISOString(), outputs: { url: "https://a.onrender.com" } },
  ),
  of(types.postgres, { plan: "free" }, { created: hours(-72).toISOString() }),
  of("kairos:infra:Mongodb", {}),
];

/** Stacks in memory in place of the CLI's. */
class Known extends Workspace {
  constructor(readonly ends: Readonly<Record<string, Date | undefined>>) {
    super({ path: "", version: "" }, "");
  }
  override list = async () => Object.keys(this.ends).map((name) => ({ name }));
  override stack = (name: string) => new KnownStack(this, name);
}
class KnownStack extends Stack {
  override tags = async (): Promise<Record<string, string>> => {
    const end = (this.workspace as Known).ends[this.name];
    return end === undefined ? {} : { [expiryTag]: end.toISOString() };
  };
  override state = async () => ({ resources, pending: [] });
}

async function environment(end: Date | undefined): Promise<Environment> {
  const [one] = await environmentsIn(new Known({ "pr-7": end }), now);
  return one as Environment;
}

describe("the environments of pull requests", () => {
  it("are those of the stacks that end by themselves and have a number", async () => {
    const stacks = new Known({ prod: undefined, "pr-7": hours(1), "pr-12": hours(2), "dev-anna": hours(3) });
    expect((await environmentsIn(stacks, now)).map(({ name }) => name)).toEqual(["pr-7", "pr-12"]);
    expect((await environmentsIn(stacks, now, "pr-12")).map(({ name }) => name)).toEqual(["pr-12"]);
    expect(await environmentsIn(stacks, now, "pr-1")).toEqual([]);
  });

  it("say where they are, what they cost by now and a month, when they end, and how to keep them", async () => {
    const text = environmentMarkdown(await environment(hours(50)), now);
    expect(text).toMatch(/^### 🌱 Environment pr-7\n/);
    expect(text).toContain("[https://a.onrender.com](https://a.onrender.com)");
    expect(text).toContain("2026-11-29 14:00 UTC");
    // A tenth of a month of Render's starter, $7.00.
    expect(text).toContain("$0.70 since 2026-11-24 11:00 UTC, by 2026-11-27 12:00 UTC; $7.00 a month");
    expect(text).toContain("`npx kairos env pr-7 up --for 7d`");
  });

  it("say that their time is over, or that nobody said when it is", async () => {
    expect(environmentMarkdown(await environment(hours(-1)), now)).toMatch(/^### 🍂 .*: its time is over/);
    expect(environmentMarkdown(await environment(undefined), now)).toContain(
      "nobody said; the sweep leaves it",
    );
    const empty = { ...(await environment(hours(50))), since: undefined, urls: [] };
    expect(environmentMarkdown(empty, now)).toMatch(/no service runs yet[\s\S]*nothing so far/);
  });
});

describe("their comments", () => {
  let there: GitHubStandIn;
  let gitHub: GitHub;
  beforeEach(async () => {
    there = new GitHubStandIn();
    gitHub = new GitHub({ api: await there.start(), repository, token: there.token, pause: 1 });
  });
  afterEach(() => there.stop());
  const bodies = () => there.comments.map(({ body }) => body.split("\n").slice(0, 2));

  it("one is kept current; a word comes a day before the end, once, and again before another end", async () => {
    expect(await commentOn(gitHub, await environment(hours(25)), now)).toEqual(["created"]);
    expect(there.calls).toContain("POST /issues/7/comments");
    const near = await environment(hours(24));
    expect(await commentOn(gitHub, near, now)).toEqual(["updated", "created"]);
    expect(await commentOn(gitHub, near, hours(6))).toEqual(["updated", "unchanged"]);
    expect(await commentOn(gitHub, await environment(hours(90)), hours(7))).toEqual(["updated"]);
    expect(await commentOn(gitHub, await environment(hours(90)), hours(70))).toEqual(["updated", "created"]);
    expect(bodies()).toEqual([
      ["<!-- kairos:environment -->", "### 🌱 Environment pr-7"],
      ["<!-- kairos:environment-ends:2026-11-28T12:00:00.000Z -->", expect.stringMatching(/^⏳ .* ends at /)],
      ["<!-- kairos:environment-ends:2026-12-01T06:00:00.000Z -->", expect.stringMatching(/^⏳ .* ends at /)],
    ]);
  });

  it("the last says that it is gone, where something was said", async () => {
    expect(await farewell(gitHub, "pr-7")).toBe("nothing");
    await commentOn(gitHub, await environment(hours(50)), now);
    expect(await farewell(gitHub, "pr-7")).toBe("updated");
    expect(bodies()).toEqual([["<!-- kairos:environment -->", "### 🍂 Environment pr-7: it is gone"]]);
  });
});
