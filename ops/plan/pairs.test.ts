import { describe, expect, it } from "vitest";
import { accessEntry, resource } from "../../tests/helpers/plan.ts";
import { paired } from "./pairs.ts";

const outbound = accessEntry("<render-outbound-cidr>", "Render");
const world = accessEntry("0.0.0.0/0", "for a test");
const filled = accessEntry("203.0.113.0/24", "Render");

/** `what it is ← what it was`. */
function pairs(before: Parameters<typeof paired>[0], after: Parameters<typeof paired>[1]) {
  const { previous, gone } = paired(before, after);
  const was = after.map(({ urn, name }) => `${name} ← ${previous.get(urn)?.name ?? "nothing"}`);
  return { was, gone: gone.map(({ name }) => name) };
}

describe("paired", () => {
  it.each([
    ["leaves a placeholder to the entry that still has it", outbound],
    ["takes the entry that is most like the placeholder's for the one that was filled in", filled],
  ])("%s, wherever a new one stands", (_, stays) => {
    for (const after of [
      [world, stays],
      [stays, world],
    ])
      expect(pairs([outbound], after).was.sort()).toEqual(
        [`${stays.name} ← ${outbound.name}`, `${world.name} ← nothing`].sort(),
      );
  });

  it("uses each earlier resource once: of two with one placeholder, both are filled in", () => {
    const second = accessEntry("<render-outbound-cidr 2>", "Render");
    const other = accessEntry("198.51.100.0/24", "Render");
    const { was, gone } = pairs([outbound, second], [filled, other]);
    expect(gone).toEqual([]);
    expect(was.filter((line) => line.endsWith("nothing"))).toEqual([]);
    expect(new Set(was.map((line) => line.split("← ")[1])).size).toBe(2);
  });

  it("finds what has another URN today, unless that URN is still there", () => {
    const old = resource("a:b:C", "old");
    const renamed = resource("a:b:C", "new", { aliases: [old.urn] });
    expect(pairs([old], [renamed])).toEqual({ was: ["new ← old"], gone: [] });
    expect(pairs([old], [renamed, old]).was).toEqual(["new ← nothing", "old ← old"]);
  });

  it("keeps apart what only looks alike, and names what is gone", () => {
    expect(pairs([outbound, world], [resource("a:b:C", "mongodb-access-203.0.113.0/24")])).toEqual({
      was: ["mongodb-access-203.0.113.0/24 ← nothing"],
      gone: ["mongodb-access-<render-outbound-cidr>", "mongodb-access-0.0.0.0/0"],
    });
  });
});
