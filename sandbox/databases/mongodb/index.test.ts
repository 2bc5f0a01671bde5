import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { temporaryFolder } from "../../../tests/helpers/databases.ts";
import { findExecutable } from "../../processes/executables.ts";
import { startMongodb } from "./index.ts";

const folder = temporaryFolder();
const replicaSet = "atlas-abc123-shard-0";
let bin: string;
let n = 0;

beforeEach(() => {
  bin = path.join(folder, `bin-${n++}`);
  mkdirSync(bin);
  vi.stubEnv("PATH", bin);
});
afterEach(() => vi.unstubAllEnvs());

/** A program that says something and ends with an error, whatever it is told. */
function fake(name: string, says: string): void {
  writeFileSync(path.join(bin, name), `#!/bin/sh\necho '${says}'\nexit 1\n`);
  chmodSync(path.join(bin, name), 0o755);
}

test("without another program it is the stand-in, and says so", async () => {
  const server = await startMongodb({ folder: path.join(folder, "none"), replicaSet });
  await server.close();
  expect(server).toMatchObject({ real: false, software: expect.stringContaining("stand-in for MongoDB") });
  expect(server.connectionString).toBe(
    `mongodb://127.0.0.1:${server.port}/?authSource=admin&replicaSet=${replicaSet}`,
  );
});

test.skipIf(process.platform === "win32")(
  "a program that is there and does not start is named with its log",
  async () => {
    fake("mongod", "no such option");
    const own = path.join(folder, "broken");
    await expect(startMongodb({ folder: own, replicaSet })).rejects.toThrow(
      /^MongoDB: mongod did not start: it ended by itself; its log says more: .*broken\/mongod\/server\.log$/,
    );
  },
);

test.skipIf(process.platform === "win32")(
  "a port that is taken is no reason to take another that was not asked for",
  async () => {
    fake("mongod", "Address already in use");
    const own = { folder: path.join(folder, "taken"), replicaSet };
    await expect(startMongodb({ ...own, port: 27_099 })).rejects.toThrow("port 27099 on 127.0.0.1 is taken");
  },
);

test("executables are looked for where PATH says, in its order; a file that cannot run is none", () => {
  const other = path.join(folder, "other");
  mkdirSync(other);
  writeFileSync(path.join(other, "tool"), "", { mode: 0o600 });
  expect(findExecutable("tool", [other, bin].join(path.delimiter))).toBeUndefined();
  fake("tool", "");
  expect(findExecutable("tool", ["relative", other, bin].join(path.delimiter))).toBe(path.join(bin, "tool"));
});
