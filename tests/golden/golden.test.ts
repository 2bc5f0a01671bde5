/**
 * The plans of the stack files in this repository, to the byte: whoever changes what a stack is made of, or how it
 * is shown, sees it in the review of these files. On purpose: `npx vitest run tests/golden -u`.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { planMarkdown } from "../../ops/plan/markdown.ts";
import { program } from "../../ops/plan/program.ts";
import { planOf } from "../../ops/plan/run.ts";
import { readStackFile } from "../../ops/plan/stack-file.ts";
import { planText } from "../../ops/plan/text.ts";

// CI has colours; these files have none.
vi.hoisted(() => {
  process.env.NO_COLOR = "1";
});

const root = path.resolve(import.meta.dirname, "../..");
const stacks = readdirSync(root).flatMap(
  (file) => /^Pulumi\.(prod|staging|sandbox)\.yaml$/.exec(file)?.[1] ?? [],
);
/** Ages of prices are counted to this day. */
const day = new Date("2026-11-26T12:00:00Z");

describe.each(stacks)("the plan of %s", (stack) => {
  it("is what it was, as text, JSON and Markdown", async () => {
    const plan = await planOf(await program(), await readStackFile(root, stack), day);
    await expect(planText(plan)).toMatchFileSnapshot(`${stack}.txt`);
    await expect(`${JSON.stringify(plan, null, 2)}\n`).toMatchFileSnapshot(`${stack}.json`);
    await expect(planMarkdown(plan)).toMatchFileSnapshot(`${stack}.md`);
  });
});

it("there is a plan of each stack file", () => {
  expect(stacks).toEqual(["prod", "sandbox", "staging"]);
});
