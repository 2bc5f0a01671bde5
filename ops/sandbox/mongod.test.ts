import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findExecutable } from "../../sandbox/processes/executables.ts";
import { findMongod } from "./mongod.ts";

const before = { ...process.env };
let folder: string;
let archive: Buffer;
/** What the mirror says of the archive. */
let checksum = "";
const asked: string[] = [];
const mirror = createServer(({ url = "" }, response) => {
  asked.push(url);
  response.end(url.endsWith(".md5") ? `${checksum}  ${path.basename(url, ".md5")}\n` : archive);
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-mongod-"));
  // As large as the library expects of a program, and nothing that a compression would shrink to nothing.
  await mkdir(path.join(folder, "mongodb", "bin"), { recursive: true });
  const program = `#!/bin/sh\necho downloaded\nexit\n${"#".repeat(64 * 1024 * 1024)}`;
  await writeFile(path.join(folder, "mongodb", "bin", "mongod"), program, { mode: 0o755 });
  await execa("tar", ["-czf", "archive.tgz", "mongodb"], { cwd: folder });
  archive = await readFile(path.join(folder, "archive.tgz"));
  await new Promise<void>((resolve) => mirror.listen(0, "127.0.0.1", resolve));
  const { port } = mirror.address() as AddressInfo;
  Object.assign(process.env, {
    PATH: (before.PATH ?? "")
      .split(path.delimiter)
      .filter((one) => findExecutable("mongod", one) === undefined)
      .join(path.delimiter),
    MONGOMS_DOWNLOAD_MIRROR: `http://127.0.0.1:${port}`,
    MONGOMS_USE_HTTP: "true",
    MONGOMS_DOWNLOAD_DIR: path.join(folder, "cache"),
  });
});
afterAll(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  mirror.close();
  await rm(folder, { recursive: true, force: true });
});

it("is not downloaded unasked", async () => {
  expect(await findMongod(false)).toBeUndefined();
  expect(asked).toEqual([]);
});

it("is refused when it is not what the checksum says", async () => {
  checksum = "0".repeat(32);
  await expect(findMongod(true)).rejects.toThrow(/^--download: MongoDB: .*MD5/i);
  expect(await findMongod(false)).toBeUndefined();
});

it("is downloaded once, and found from then on", async () => {
  checksum = createHash("md5").update(archive).digest("hex");
  const file = await findMongod(true);
  expect((await execa(file ?? "", [])).stdout).toBe("downloaded");
  const times = asked.length;
  expect([await findMongod(true), await findMongod(false), asked.length]).toEqual([file, file, times]);
});
