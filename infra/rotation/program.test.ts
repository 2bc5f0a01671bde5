/** The whole program, from states that rotations leave behind. */
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { mongodbOf, newPassword, type Recorder, run } from "../../tests/helpers/program.ts";
import kairos from "../index.ts";

const config = {
  "kairos:mongodb": JSON.stringify(mongodbOf()),
  "kairos:postgres": JSON.stringify({ enabled: true, plan: "basic_1gb" }),
  "kairos:redis": JSON.stringify({ provider: "redis-cloud", plan: "30MB" }),
  "kairos:backend": JSON.stringify([{ name: "kairos-backend", link: "srv-01234567890123456789" }]),
  "render:skipDeployAfterServiceUpdate": "true",
};
const since = "2026-11-22T10:00:00.000Z";
const stash = (input: object) => ({ type: "pulumi:index:Stash", outputs: { input } });
type State = NonNullable<Parameters<typeof run>[1]>["state"];

beforeEach(() => {
  for (const name of [
    "MONGODB_ATLAS_PUBLIC_API_KEY",
    "MONGODB_ATLAS_PRIVATE_API_KEY",
    "RENDER_API_KEY",
    "RENDER_OWNER_ID",
    "REDISCLOUD_ACCESS_KEY",
    "REDISCLOUD_SECRET_KEY",
  ])
    vi.stubEnv(name, randomBytes(12).toString("hex"));
});
afterEach(() => vi.unstubAllEnvs());

async function program(state: State, request?: string): Promise<Recorder> {
  if (request !== undefined) vi.stubEnv("KAIROS_ROTATE", request);
  const issued = { output: { value: { user: "kairos_2", password: newPassword() } } };
  const answers = { state: state ?? {}, outputs: { "pulumi:index:Stash": issued } };
  return (await run(kairos, answers, config)).recorder;
}
const names = (recorder: Recorder, type: string) => recorder.all(type).map(({ name }) => name);
const records = (recorder: Recorder) =>
  names(recorder, "Stash")
    .filter((name) => /credential|login/.test(name))
    .sort();

describe("the program", () => {
  it("has nothing of rotations while there was none", async () => {
    const recorder = await program({});
    expect(records(recorder)).toEqual([]);
    expect(names(recorder, "DatabaseUser")).toEqual(["mongodb-user"]);
    expect(names(recorder, "RandomPassword").sort()).toEqual(["mongodb-password", "redis-password"]);
  });

  it("makes a second user of MongoDB beside the first when it is asked to switch", async () => {
    const recorder = await program({}, "mongodb:switch");
    const users = recorder.all("DatabaseUser");
    expect(users.map(({ inputs }) => inputs.username)).toEqual(["kairos-2", "kairos"]);
    const record = recorder.all("Stash").find(({ name }) => name === "mongodb-credential");
    expect(record?.inputs.input).toMatchObject({ credential: "mongodb", current: 2, retiring: 1, last: 2 });
    const [password] = recorder.all("RandomPassword").filter(({ name }) => name === "mongodb-password-2");
    expect(password?.dependsOn).toContain(record?.urn);
    // The announced creation, so that a killed one is found again.
    const creations = recorder.all("Stash").find(({ name }) => name === "creations");
    expect(JSON.stringify(creations?.inputs)).toContain("DatabaseUser kairos-2");
  });

  it("keeps both users without a request, and drops the old one at the next", async () => {
    const state = { record: stash({ credential: "mongodb", current: 2, retiring: 1, last: 2, since }) };
    expect(names(await program(state), "DatabaseUser")).toEqual(["mongodb-user-2", "mongodb-user"]);
    expect(names(await program(state, "mongodb:retire"), "DatabaseUser")).toEqual(["mongodb-user-2"]);
  });

  it("goes back to the first user when it is asked to", async () => {
    const state = { record: stash({ credential: "mongodb", current: 2, retiring: 1, last: 2, since }) };
    expect(names(await program(state, "mongodb:back"), "DatabaseUser")).toEqual([
      "mongodb-user",
      "mongodb-user-2",
    ]);
  });

  it("takes the login of Postgres as it was issued, and ends the old one before the record says so", async () => {
    const state = {
      record: stash({ credential: "postgres", current: 2, retiring: 1, last: 2, since }),
      one: stash({ login: "postgres-login-1", user: "kairos" }),
      two: stash({ login: "postgres-login-2", user: "kairos_2" }),
    };
    const kept = await program(state);
    expect(records(kept)).toEqual(["postgres-credential", "postgres-login-1", "postgres-login-2"]);
    for (const { name, ignoreChanges } of kept.all("Stash"))
      if (name.startsWith("postgres-login")) expect(ignoreChanges).toEqual(["input"]);
    expect(kept.all("Stash").find(({ name }) => name === "postgres-credential")?.hooks.beforeUpdate).toEqual(
      [],
    );
    const retired = await program(state, "postgres:retire");
    expect(records(retired)).toEqual(["postgres-credential", "postgres-login-2"]);
    const record = retired.all("Stash").find(({ name }) => name === "postgres-credential");
    expect(record?.hooks.beforeUpdate).toEqual(["postgres-credential-end"]);
  });

  it("never lets another user replace the Postgres", async () => {
    expect((await program({})).one("Postgres").ignoreChanges).toContain("databaseUser");
  });

  it("gives Redis Cloud another password of its own", async () => {
    const recorder = await program({}, "redis:switch");
    expect(names(recorder, "RandomPassword")).toContain("redis-password-2");
    expect(names(recorder, "RandomPassword")).not.toContain("redis-password");
  });
});
