import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { leaks } from "../../tests/canaries.ts";
import { bitsNeeded, remember, remembered } from "./remembered.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-remembered-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const password = () => createHash("sha256").update(randomBytes(16)).digest("hex").slice(0, 40);
const found = async (file: string, text: string) =>
  (await remembered(file)).known.search(Buffer.from(text)).map(({ name, offset }) => [name, offset]);

it("remembers generated secrets by digests that find them, stack by stack", async () => {
  const file = path.join(folder, "a.json");
  const [mongodb, postgres, staging] = [password(), password(), password()];
  const written = await remember(file, "prod", [
    { name: "MONGODB_URL", value: `mongodb+srv://kairos:${mongodb}@host/x` },
    { name: "POSTGRES_PASSWORD", value: postgres },
  ]);
  expect(written).toEqual({ written: ["password of MONGODB_URL", "POSTGRES_PASSWORD"], refused: [] });
  await remember(file, "staging", [{ name: "POSTGRES_PASSWORD", value: staging }]);
  expect(await found(file, `x${mongodb} ${postgres}`)).toEqual([
    ["password of MONGODB_URL of prod", 1],
    ["POSTGRES_PASSWORD of prod", 42],
  ]);
  expect(await found(file, staging)).toEqual([["POSTGRES_PASSWORD of staging", 0]]);
  expect(await found(file, password().repeat(50))).toEqual([]);
  expect((await remembered(file)).stacks).toEqual(["prod", "staging"]);
  expect(leaks(await readFile(file, "utf8"), [mongodb, postgres, staging])).toEqual([]);
});

it("replaces what it knew of a stack", async () => {
  const file = path.join(folder, "b.json");
  const [before, after] = [password(), password()];
  await remember(file, "prod", [{ name: "POSTGRES_PASSWORD", value: before }]);
  await remember(file, "prod", [{ name: "POSTGRES_PASSWORD", value: after }]);
  expect(await found(file, `${before} ${after}`)).toEqual([["POSTGRES_PASSWORD of prod", 41]]);
});

it("writes nothing down of a secret that could be guessed", async () => {
  const file = path.join(folder, "c.json");
  const weak = [
    "Soleil-2024!",
    "MotDePasseDeKairos2024!",
    "correcthorsebatterystaple",
    "kairos_password_2025",
  ];
  const secrets = weak.map((value, index) => ({ name: `N${index}`, value }));
  expect(await remember(file, "prod", [...secrets, { name: "SHORT", value: "a1b2" }])).toEqual({
    written: [],
    refused: ["N0", "N1", "N2", "N3"],
  });
  expect(JSON.parse(await readFile(file, "utf8")).stacks).toEqual({ prod: [] });
  expect(bitsNeeded).toBeGreaterThanOrEqual(64);
});

it("says when the file is something else", async () => {
  const file = path.join(folder, "d.json");
  await writeFile(file, "{}");
  await expect(remembered(file)).rejects.toThrow(/expected what --remember writes/);
});
