import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { removeEmptySidecars } from "./sidecar.ts";

let folder: string;
let stacks: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-sidecar-"));
  stacks = path.join(folder, ".pulumi", "stacks", "kairos");
  await mkdir(stacks, { recursive: true });
  const files = { "prod.json": "{}", "prod.json.attrs": "", "test.json": "", "test.json.attrs": "{}" };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(stacks, name), text);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it.each([
  ["with a path", () => `file://${folder}`],
  ["with options", () => `file://${folder}?no_tmp_dir=true`],
  ["relative to the project", () => "file://./"],
])("removes what is empty and only that, for a backend %s", async (_, url) => {
  expect(await removeEmptySidecars(url(), folder)).toEqual(["prod.json.attrs"]);
  expect((await readdir(stacks)).sort()).toEqual(["prod.json", "test.json", "test.json.attrs"]);
  expect(await removeEmptySidecars(url(), folder)).toEqual([]);
});

it("touches nothing for a backend that is not files, or is not there", async () => {
  expect(await removeEmptySidecars("https://api.pulumi.com", folder)).toEqual([]);
  expect(await removeEmptySidecars("file:///does/not/exist", folder)).toEqual([]);
  expect(await readdir(stacks)).toContain("prod.json.attrs");
});
