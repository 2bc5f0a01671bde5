/** The command as it runs, against this checkout's settings and databases that are not there. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { leaks, plainCanary } from "../../tests/canaries.ts";
import { write } from "./actions.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-recap-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inFolder = (name: string) => path.join(folder, name);
const base = { stack: "prod", lang: "fr" as const, status: true, service: [] };

describe("recap", () => {
  it("needs no account, no engine and no database with --no-status", async () => {
    await write({ ...base, status: false, out: inFolder("none.md") });
    const text = await readFile(inFolder("none.md"), "utf8");
    expect(text).toContain("**Rien n'a été vérifié**");
    expect(text).toMatch(/`MONGODB_DB_NAME` *\| `kaïros`/);
    expect(text).toMatch(/`POSTGRES_PORT` *\| `5432`/);
    expect(text).not.toMatch(/‹|qz|✅/);
  });

  it("says what failed where nobody listens, without the secrets of the file", async () => {
    const secrets = [plainCanary(), plainCanary(), plainCanary()];
    const [mongodb = "", postgres = "", redis = ""] = secrets;
    const lines = [
      `MONGODB_URL=mongodb://kairos:${mongodb}@127.0.0.1:1/kairos`,
      "MONGODB_DB_NAME=kaïros",
      "MONGODB_TIMEOUT_MS=500",
      "MONGODB_MAX_POOL_SIZE=2",
      "MONGODB_MIN_POOL_SIZE=0",
      "POSTGRES_HOST=127.0.0.1",
      "POSTGRES_PORT=1",
      "POSTGRES_USER=kairos",
      `POSTGRES_PASSWORD=${postgres}`,
      "POSTGRES_DB=kairos_db",
      `REDIS_URL=redis://:${redis}@127.0.0.1:1`,
    ];
    await writeFile(inFolder("variables.env"), lines.join("\n"));
    for (const html of [false, true]) {
      const out = inFolder(html ? "failed.html" : "failed.md");
      await write({ ...base, envFile: inFolder("variables.env"), ...(html && { html: true }), out });
      const text = await readFile(out, "utf8");
      expect(text).toContain("variables.env");
      expect(text).not.toContain(folder);
      expect(text).not.toContain("127.0.0.1");
      expect(leaks(text, secrets)).toEqual([]);
      expect(text.match(/Connexion (MongoDB|PostgreSQL|Redis) échouée/g)).toHaveLength(3);
    }
  });

  it("refuses a file of variables that is not there, and one that it cannot write", async () => {
    await expect(write({ ...base, envFile: inFolder("nothing.env") })).rejects.toThrow(
      /^--env-file: got .*ENOENT/,
    );
    await expect(write({ ...base, status: false, out: inFolder("no/recap.md") })).rejects.toThrow(
      /^--out: cannot write .* \(ENOENT\); expected a file in a folder that is there$/,
    );
  });

  it("refuses an authority that is none, also where it would go on without the stack", async () => {
    await writeFile(inFolder("ca.pem"), "none");
    await expect(write({ ...base, ca: inFolder("ca.pem") })).rejects.toThrow(/^--ca: got /);
  });

  it("refuses to check and not to check", async () => {
    await expect(write({ ...base, status: false, fromEnv: true })).rejects.toThrow(
      /^--no-status: got --from-env beside it/,
    );
  });

  it("refuses a stack that there is not", async () => {
    await expect(write({ ...base, stack: "prd", status: false })).rejects.toThrow(/did you mean "prod"/);
  });
});
