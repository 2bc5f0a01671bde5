import { describe, expect, it } from "vitest";
import { OperatorError } from "../errors.ts";
import { types } from "../resources.ts";
import { type Candidate, chosen } from "./choice.ts";

const creation = { type: types.postgres, name: "kairos-postgres", setting: "postgres.name" };
const announcement = new Date("2026-03-01T12:00:00Z");
/** Minutes after the announcement. */
const made = (minutes: number) => new Date(announcement.getTime() + minutes * 60_000);
const choose = (...candidates: Candidate[]) => chosen(creation, candidates, announcement)?.id;

describe("what an interrupted up created", () => {
  it.each<[string, Candidate["made"]]>([
    ["right after the announcement", made(0.1)],
    ["within the hour, as a service after its cluster", made(55)],
    ["by a vendor's clock that is behind", made(-4)],
    ["inside of what the stack created, or with its mark", "here"],
  ])("is taken over: %s", (_, when) => {
    expect(choose({ id: "dpg-a", made: when })).toBe("dpg-a");
  });

  it("is none when nothing has the name", () => {
    expect(choose()).toBeUndefined();
  });

  it("is not what was there before", () => {
    expect(choose({ id: "dpg-older", made: made(-6) })).toBeUndefined();
    expect(choose({ id: "dpg-older", made: made(-6) }, { id: "dpg-a", made: made(1) })).toBe("dpg-a");
  });

  it.each<[string, Candidate[], string]>([
    ["made long after the announcement", [{ id: "dpg-a", made: made(61) }], "dpg-a"],
    ["of unknown age", [{ id: "dpg-a", made: "unknown" }], "dpg-a"],
    [
      "one of two",
      [
        { id: "dpg-a", made: made(1) },
        { id: "dpg-b", made: made(2) },
      ],
      "dpg-a, dpg-b",
    ],
  ])("is refused while it is not certain: %s", (_, candidates, ids) => {
    expect(() => choose(...candidates)).toThrow(OperatorError);
    expect(() => choose(...candidates)).toThrow(
      `kairos:postgres.name: a pulumi up was interrupted before it had created Postgres kairos-postgres, and ${ids} has that name now`,
    );
  });
});
