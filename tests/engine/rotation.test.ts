/**
 * Credentials change under load: the real engine, the vendors' real providers, real databases behind the stand-ins and a
 * booted backend. A client logs in every 50 ms with what the live deploy has, and none of its logins may fail, not even
 * while the command and the engine are killed.
 *
 * KAIROS_ROTATION_KILLS=all: killed at each step; without it at a few.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { removeEmptySidecars } from "../../engine/cli/sidecar.ts";
import { leaks } from "../canaries.ts";
import { engineOrReason } from "./harness.ts";
import { logIn, RotationGround } from "./rotation-ground.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: rotations on the real engine (${found.reason})`);
const everywhere = process.env.KAIROS_ROTATION_KILLS === "all";

/** What the command says when a step is done, in their order. */
const steps = {
  mongodb: [
    /plan of (switch|what was begun)/,
    /[+~] mongodb-credential/,
    /\+ mongodb-password-\d/,
    /[+=] mongodb-user-\d/,
    /~ kairos-backend\s/,
    /[+~] kairos-backend-deployed/,
    /is live with it/,
    /no grace/,
    /plan of retire/,
    /plan of retire[\s\S]*~ mongodb-credential/,
    /- mongodb-user/,
    /- mongodb-password/,
  ],
  postgres: [
    /plan of (switch|what was begun)/,
    /[+~] postgres-credential/,
    /\+ postgres-login-\d/,
    /~ kairos-backend\s/,
    /[+~] kairos-backend-deployed/,
    /is live with it/,
    /nobody is logged in/,
    /plan of retire/,
    /plan of retire[\s\S]*~ postgres-credential/,
    /- postgres-login/,
  ],
};
const sample = { mongodb: [3], postgres: [2] };

describe.skipIf("reason" in found)("a rotation", () => {
  let ground: RotationGround;
  const secrets = new Set<string>();
  const remember = () => {
    const { MONGODB_URL = "", POSTGRES_PASSWORD = "" } = ground.variables();
    for (const secret of [new URL(MONGODB_URL).password, POSTGRES_PASSWORD]) secrets.add(secret);
  };

  beforeAll(async () => {
    if ("engine" in found)
      ground = await RotationGround.create(found.engine, { redis: { provider: "none" } });
  });
  afterAll(() => ground?.remove());

  it.each(["mongodb", "postgres"] as const)(
    "of %s, killed and resumed: every login succeeds, nobody is left over, the old credential is refused",
    async (database) => {
      const before = ground.variables();
      remember();
      const load = ground.load([database]);
      const said: string[] = [];
      const numbers = everywhere ? steps[database].map((_, index) => index) : sample[database];
      for (const number of numbers) {
        // The engine may have been faster than the signal: then at the next step.
        const from = steps[database].slice(number);
        const killed = await ground.killedAt(anyOf(from), database, "--leaked");
        said.push(`${killed ? "killed" : "ended"} at ${from[0]?.source}; users: ${users(database)}`);
        // What somebody else does in between changes nothing about it. (Once the old user has gone unnoticed, Atlas'
        // provider fails to delete it a second time; the command looks it up first.)
        if (killed && number < 7 && number % 3 === 1) await plainUp();
      }
      const { code, stderr, stdout } = await ground.rotate(database, "--leaked", "--json");
      await load.end();
      remember();
      console.log(
        `${database}: ${said.join("\n  ")}\n  ${load.logins[database]} logins, ${load.failures.length} failures, slowest ${load.slowest} ms; users: ${users(database)}`,
      );
      expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
      expect(load.failures).toEqual([]);
      expect(load.logins[database]).toBeGreaterThan(100);
      const [{ to, user }] = JSON.parse(stdout).rotations;
      expect(user).toBe(`kairos${database === "mongodb" ? "-" : "_"}${to}`);
      expect(users(database)).toEqual([user]);
      await expect(logIn(database, before)).rejects.toThrow(/auth|password|role .* does not exist/i);
      await logIn(database, ground.variables());
      await ground.succeeds("refresh", "--yes", "--skip-preview");
      await ground.succeeds("preview", "--diff", "--expect-no-changes");
    },
  );

  it("waits for deploys that wait for their turn: the old credential stays until then", async () => {
    const load = ground.load(["mongodb"]);
    const { behind } = ground.sandbox.clouds.render;
    // Longer than it takes to retire a credential.
    behind.queue = 20_000;
    const { code, stderr } = await ground.rotate("mongodb", "--leaked");
    behind.queue = 0;
    await load.end();
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(load.failures).toEqual([]);
  });

  it("shows no secret anywhere", async () => {
    remember();
    expect(secrets.size).toBeGreaterThanOrEqual(4);
    expect(leaks(ground.printed, [...secrets, ...ground.stack.secrets])).toEqual([]);
  });

  const users = (database: "mongodb" | "postgres") =>
    database === "mongodb" ? ground.mongodbUsers() : ground.postgresUsers();

  /** A killed engine leaves its lock, and perhaps an empty file; the command removes both, here the test does. */
  async function plainUp(): Promise<void> {
    await removeEmptySidecars(ground.stack.environment.PULUMI_BACKEND_URL ?? "", "/");
    await ground.pulumi("cancel", "--yes");
    await ground.succeeds("up", "--yes", "--skip-preview");
  }
});

const anyOf = (patterns: readonly RegExp[]) => new RegExp(patterns.map(({ source }) => source).join("|"));
