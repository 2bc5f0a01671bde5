/** What the command is for: nothing is found in this repository, its history included. */
import { expect, it } from "vitest";
import { root } from "../bundle.mjs";
import { Repository } from "./places/git.ts";
import { scan } from "./run.ts";

const isRepository = await Repository.at(root).then(
  () => true,
  () => false,
);
if (!isRepository) console.log("skipped: the scan of this repository (not a clone)");

it.skipIf(!isRepository)("this repository and its history hold no secret", async () => {
  const { findings, unused, contents } = await scan({});
  expect(findings).toEqual([]);
  expect(unused).toEqual([]);
  expect(contents).toBeGreaterThan(100);
});
