import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Operation } from "../../engine/cli/operation.ts";
import { Stack } from "../../engine/cli/stack.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { runs } from "../../tests/helpers/hostile.ts";
import { Progress } from "../terminal/progress.ts";
import type { CommandContext } from "./around.ts";
import { sweepAll } from "./down.ts";
import { expiryTag, standings } from "./stacks.ts";

const [past, future] = ["2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z"];

/** Stacks in memory in place of the CLI's: what happens between two looks can be said to the moment. */
class Known extends Workspace {
  readonly destroyed: string[] = [];
  /** What somebody else does while one is taken down. */
  meanwhile: () => void = () => {};

  constructor(readonly expiries: Map<string, string>) {
    super({ path: "", version: "" }, "");
  }
  override list = async () => [...this.expiries.keys()].map((name) => ({ name }));
  override stack = (name: string) => new KnownStack(this, name);
}

class KnownStack extends Stack {
  constructor(
    private readonly known: Known,
    name: string,
  ) {
    super(known, name);
  }
  override tags = async () => ({ [expiryTag]: this.known.expiries.get(this.name) ?? "" });
  override state = async () => ({ resources: [], pending: [] });
  override remove = async () => void this.known.expiries.delete(this.name);
  override operate(): Operation {
    this.known.destroyed.push(this.name);
    this.known.meanwhile();
    const ok = this.name !== "pr-13";
    const outcome = Promise.resolve({
      ok,
      changes: { delete: 1 },
      seconds: 1,
      errors: ok ? [] : ["Render refused"],
    });
    return { outcome, interrupt: () => {} } as unknown as Operation;
  }
}

const around = (isStopped = () => false): CommandContext => ({
  progress: new Progress(true),
  watch: () => {},
  proceed: () => {},
  isStopped,
});
const all = (...names: string[]) => new Known(new Map(names.map((name) => [name, past])));
const over = (stacks: Known) => standings(stacks, new Date());

describe("the sweep", () => {
  it("looks again before each: one that was renewed meanwhile stays, one that went is gone", async () => {
    const stacks = all("pr-1", "pr-2", "pr-3");
    const found = await over(stacks);
    stacks.meanwhile = () => {
      stacks.expiries.set("pr-2", future);
      stacks.expiries.delete("pr-3");
    };
    const { swept, stayed } = await sweepAll(stacks, found, "staging", around());
    expect(stacks.destroyed).toEqual(["pr-1"]);
    expect(swept).toMatchObject([{ name: "pr-1", deleted: 1 }]);
    expect(stayed).toMatchObject([
      { name: "pr-2", why: expect.stringMatching(/^stays, renewed meanwhile: ends in /), isWell: true },
      { name: "pr-3", why: "is gone already", isWell: true },
    ]);
  });

  it("goes on when one cannot go, and begins nothing more once it is stopped", async () => {
    const failing = all("pr-13", "pr-2");
    expect((await sweepAll(failing, await over(failing), "staging", around())).swept).toMatchObject([
      { name: "pr-13", error: expect.stringContaining("Render refused") },
      { name: "pr-2", deleted: 1 },
    ]);
    const stopped = all("pr-1", "pr-2");
    const asked = around(() => stopped.destroyed.length > 0);
    expect((await sweepAll(stopped, await over(stopped), "staging", asked)).stayed).toEqual([
      { name: "pr-2", why: "over, and not begun: it was stopped", isWell: false },
    ]);
    expect(stopped.destroyed).toEqual(["pr-1"]);
  });

  it("does not even look at stacks that are not this command's", async () => {
    const stacks = all("prod", "staging", "sandbox", "test", "pr-1-prod", "dev", "org/pr-1", "pr-7");
    expect((await over(stacks)).map(({ name }) => name)).toEqual(["pr-7"]);
  });
});

describe("any life of stacks", () => {
  const name = fc.constantFrom("prod", "staging", "pr-1", "pr-2", "pr-3", "pr-13", "pr-1-prod");
  const expiry = fc.constantFrom(past, future, "", "soon");
  type Act = { do: "say" | "remove" | "meanwhile" | "sweep"; name: string; expiry: string; stop: boolean };
  const act: fc.Arbitrary<Act> = fc.record({
    do: fc.constantFrom("say", "remove", "meanwhile", "sweep"),
    ...{ name, expiry, stop: fc.boolean() },
  });

  it("sweeps what is short-lived and over at that moment, and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 20 }), async (life) => {
        const stacks = new Known(new Map([["prod", past]]));
        /** What each had been said to end when it was taken down. */
        const taken: string[] = [];
        stacks.destroyed.push = (name) => taken.push(`${name} ${stacks.expiries.get(name)}`);
        let meanwhile = () => {};
        stacks.meanwhile = () => meanwhile();
        for (const one of life) {
          if (one.do === "say") stacks.expiries.set(one.name, one.expiry);
          else if (one.do === "remove") stacks.expiries.delete(one.name);
          else if (one.do === "meanwhile") meanwhile = () => void stacks.expiries.set(one.name, one.expiry);
          else {
            const { swept, stayed } = await sweepAll(
              stacks,
              await over(stacks),
              "staging",
              around(() => one.stop),
            );
            meanwhile = () => {};
            if (one.stop) expect(swept).toEqual([]);
            // What is over by now is there because it could not go, was not begun, or somebody has said so meanwhile.
            for (const { name } of [...swept, ...stayed]) expect(name).toMatch(/^pr-\d+$/);
          }
        }
        for (const one of taken) expect(one).toMatch(new RegExp(`^pr-\\d+ ${past}$`));
      }),
      runs(200),
    );
  });
});
