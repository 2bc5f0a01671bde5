/** A few lives of a stack on the real engine (campaign/lives.ts); `KAIROS_LIVES=100` lives many. */
import fc from "fast-check";
import { describe, it } from "vitest";
import { runs } from "../helpers/hostile.ts";
import { live, lives } from "./campaign/lives.ts";
import { engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: lives on the real engine (${found.reason})`);

describe.skipIf("reason" in found)("a life of a stack", () => {
  it("loses no database, shows no secret, and ends as its settings say", { timeout: 600_000 }, async () => {
    if ("reason" in found) return;
    const { engine } = found;
    await fc.assert(
      fc.asyncProperty(lives(5), (steps) => live(steps, engine, console.log)),
      // A life that fails is made shorter for as long as there is time for it: a few minutes.
      {
        ...runs(4),
        interruptAfterTimeLimit: 240_000,
        markInterruptAsFailure: false,
      },
    );
  });
});
