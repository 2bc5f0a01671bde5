/** Who has a stack of an earlier release takes this one without a change: the engine says so of every property. */
import { describe, expect, it } from "vitest";
import { plans } from "../../sandbox/clouds/redis-cloud/index.ts";
import { filled, fixtures, importable, isDeclared, place } from "../upgrade/fixture.ts";
import { wholeEngine } from "../upgrade/kinds.ts";
import { EngineStack, type Handler, previewAnswers } from "./harness.ts";

const found = await wholeEngine();
if ("reason" in found) console.log(`skipped: upgrades with the real engine (${found.reason})`);

describe.each(fixtures)("the stack of %s", (_, fixture) => {
  it.skipIf("reason" in found)(
    "previews without create, update, replacement, deletion or import",
    async () => {
      if ("reason" in found) return;
      const stack = await EngineStack.create(found.engine, undefined, vendors);
      try {
        const { settings, secretSettings, resources } = filled(fixture, importable);
        await stack.configure(settings);
        for (const [name, value] of Object.entries(secretSettings)) await stack.setSecret(name, value);
        const imported = await stack.importState(resources);
        expect(imported.exitCode, imported.all).toBe(0);
        const { steps, changeSummary, messages } = await preview(stack);
        expect(steps.filter(({ op }) => op !== "same").map(changeText)).toEqual([]);
        expect(messages).toEqual([]);
        expect(changeSummary).toEqual({ same: resources.filter(isDeclared).length });
      } finally {
        await stack.remove();
      }
    },
  );
});

/** What the engine would do; steps that change nothing are mostly left out. */
interface Preview {
  steps: Step[];
  /** How many resources, by what is done to them. */
  changeSummary: Record<string, number>;
  /** Warnings and errors; all that was printed when it was no preview. */
  messages: string[];
}

interface Step {
  op: string;
  urn: string;
  diffReasons?: string[];
  replaceReasons?: string[];
}

async function preview(stack: EngineStack): Promise<Preview> {
  const { stdout, all, exitCode } = await stack.pulumi("preview", "--json", "--stack", "test");
  if (!stdout.startsWith("{")) return { steps: [], changeSummary: {}, messages: [all] };
  const { diagnostics = [], ...printed } = JSON.parse(stdout) as Preview & {
    diagnostics?: { message: string }[];
  };
  const messages = diagnostics.map(({ message }) => message);
  return { ...printed, messages: exitCode === 0 ? messages : [`exit code ${exitCode}`, ...messages] };
}

/** What the engine would do, with the names of the properties that are not the same. */
function changeText({ op, urn, diffReasons = [], replaceReasons = [] }: Step): string {
  return `${op} ${place(urn)} ${[...diffReasons, ...replaceReasons].join(", ")}`.trim();
}

/** Redis Cloud's plans have the numbers here that they had when the stack was made. */
const vendors: Handler = (method, pathname, body) =>
  pathname === "/redis-cloud/fixed/plans"
    ? { status: 200, body: { plans } }
    : previewAnswers(method, pathname, body);
