/** Deploys of the small backend, against servers that let it in or refuse it. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mongodb, redis, silent, type TestServer } from "../../tests/helpers/backend.ts";
import { deployOf, serviceOf, smallBackend } from "../../tests/helpers/deploys.ts";
import { until } from "../../tests/helpers/processes.ts";
import { freePort } from "../processes/ports.ts";
import { Deploys } from "./index.ts";

const secret = () => `p@s/${randomBytes(9).toString("base64")}`;
let folder: string;
let deploys: Deploys;
let servers: Record<"mongodb" | "strict" | "readOnly" | "redis" | "silent", TestServer>;
const redisPassword = secret();
/** A port on which nobody listens, and that is given to nobody either. */
const nobody = 1;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kairos-backend-"));
  deploys = new Deploys({ folder, healthTimeout: 20_000, ...(await smallBackend()) });
  const denied = { code: 13, codeName: "Unauthorized", errmsg: "not authorized on kaïros" };
  servers = {
    mongodb: await mongodb(),
    strict: await mongodb({
      saslStart: { code: 18, codeName: "AuthenticationFailed", errmsg: "Authentication failed." },
    }),
    readOnly: await mongodb({ createIndexes: denied }),
    redis: await redis(redisPassword),
    silent: await silent(),
  };
});
afterAll(async () => {
  await deploys.close();
  await Promise.all(Object.values(servers).map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

const mongodbVariables = (port: number, credentials = "") => ({
  MONGODB_URL: `mongodb://${credentials}127.0.0.1:${port}/?retryWrites=true&w=majority`,
  MONGODB_DB_NAME: "kaïros",
  MONGODB_TIMEOUT_MS: "1000",
  MONGODB_MAX_POOL_SIZE: "20",
  MONGODB_MIN_POOL_SIZE: "2",
});
const redisUrl = (port: number, password: string) =>
  `redis://default:${encodeURIComponent(password)}@127.0.0.1:${port}`;

async function booted(variables: Record<string, string>, service = serviceOf(), by = deploys) {
  const deploy = deployOf(service, variables);
  const status = await by.boot(service, deploy);
  const { reason, databases, log = [], seconds } = by.outcome(deploy.id) ?? {};
  const file = readFileSync(path.join(folder, `${deploy.id}.log`), "utf8");
  return {
    service,
    status,
    reason,
    databases,
    log,
    seconds,
    everything: JSON.stringify([reason, log, file]),
  };
}

describe("the small backend", () => {
  it("is live with its databases, and writes what Kaïros writes", async () => {
    const { port } = servers.redis;
    const variables = { ...mongodbVariables(servers.mongodb.port), REDIS_URL: redisUrl(port, redisPassword) };
    const { status, databases, log, service } = await booted(variables);
    expect(status).toBe("live");
    expect(log).toEqual(
      expect.arrayContaining([
        "✅ Connexion MongoDB réussie",
        "✅ MongoDB ping réussi",
        "✅ Index MongoDB créés",
        "✅ Redis connecté avec succès",
        "✅ Kaïros prêt",
      ]),
    );
    expect(databases).toMatchObject({
      mongodb: { state: "connected", version: "8.0.0" },
      postgres: { state: "not configured" },
      redis: { state: "connected", version: "8.2.1" },
    });
    expect((await fetch(`${deploys.running(service.id)?.url}/elsewhere`)).status).toBe(404);
    await deploys.stop(service.id);
    expect(log.at(-1)).toBe("ℹ️  Kaïros arrêté");
  });

  it("runs without what is optional, and says so", async () => {
    const { status, log } = await booted(mongodbVariables(servers.mongodb.port));
    expect(status).toBe("live");
    expect(log).toContain("ℹ️  Redis non configuré - Cache désactivé (optionnel)");
  });

  it("fails in a moment when a password is wrong, and says which database refused it", async () => {
    const password = secret();
    const credentials = `kairos:${encodeURIComponent(password)}@`;
    const one = await booted(mongodbVariables(servers.strict.port, credentials));
    expect(one.status).toBe("update_failed");
    expect(one.reason).toBe("MongoDB refused the login: wrong user or password (MONGODB_URL)");
    // It does not wait for what no waiting heals.
    expect(one.seconds).toBeLessThan(10);
    const variables = {
      ...mongodbVariables(servers.mongodb.port),
      REDIS_URL: redisUrl(servers.redis.port, password),
    };
    const other = await booted(variables);
    expect(other.reason).toBe("Redis refused the login: wrong user or password (REDIS_URL)");
    expect(other.log).toContain(
      "❌ Connexion Redis échouée : utilisateur ou mot de passe refusé (REDIS_URL)",
    );
    for (const { everything } of [one, other]) expect(everything).not.toContain(password);
  });

  it("fails when its user may not write", async () => {
    const { reason } = await booted(mongodbVariables(servers.readOnly.port));
    expect(reason).toBe(
      "MongoDB let the user in, but not into this database: no right to write (MONGODB_URL, MONGODB_DB_NAME)",
    );
  });

  it("fails when a variable is missing or is not what it has to be", async () => {
    const { MONGODB_DB_NAME: _, ...rest } = mongodbVariables(servers.mongodb.port);
    expect((await booted(rest)).reason).toBe(
      "MongoDB cannot be reached: a variable is missing (MONGODB_DB_NAME)",
    );
  });

  it("quotes nothing of a URL that is no good, which drivers do", async () => {
    const canary = randomBytes(12).toString("hex");
    for (const url of [
      `redis://:${canary}@127.0.0.1:99999`,
      `redis://:p@s/${canary}`,
      `http://:${canary}@host`,
    ]) {
      const variables = { ...mongodbVariables(servers.mongodb.port), REDIS_URL: url };
      const { reason, everything } = await booted(variables);
      expect(reason).toBe("Redis cannot be reached: a variable is not valid (REDIS_URL)");
      expect(everything).not.toContain(canary);
    }
    for (const url of [
      `mongodb://kairos:${canary}@`,
      `mongodb://kairos:${canary}@host/?w=1&tls=perhaps`,
      canary,
    ]) {
      const variables = { ...mongodbVariables(servers.mongodb.port), MONGODB_URL: url };
      const { reason, everything } = await booted(variables);
      expect(reason).toBe("MongoDB cannot be reached: a variable is not valid (MONGODB_URL)");
      expect(everything).not.toContain(canary);
    }
  });

  it("waits for a database that is not there yet, for as long as a deploy may take", async () => {
    const late = await freePort();
    const impatient = new Deploys({ folder, healthTimeout: 6000, ...(await smallBackend()) });
    const booting = [late, nobody, servers.silent.port].map((port) =>
      booted(mongodbVariables(port), serviceOf(), impatient),
    );
    await new Promise((resolve) => setTimeout(resolve, 700));
    const server = await mongodb({}, late);
    expect((await Promise.all(booting)).map(({ status, reason }) => reason ?? status)).toEqual([
      "live",
      "MongoDB cannot be reached: connection refused (MONGODB_URL)",
      "MongoDB did not answer in time (MONGODB_URL)",
    ]);
    await impatient.close();
    await server.close();
  });

  it("is ready as a worker when its databases are, and ends when they refuse it", async () => {
    const worker = () => serviceOf({ type: "background_worker" });
    const well = await booted(mongodbVariables(servers.mongodb.port), worker());
    expect([well.status, well.log.at(-1)]).toEqual(["live", "✅ Kaïros prêt"]);
    const refused = await booted(mongodbVariables(servers.strict.port, "kairos:whatever@"), worker());
    expect(refused.status).toBe("update_failed");
    expect(refused.reason).toContain("Connexion MongoDB échouée : utilisateur ou mot de passe refusé");
  });

  it("leaves logs in the folder, nothing else", async () => {
    const strangers = () => readdirSync(folder).filter((name) => !/\.log$/.test(name));
    await deploys.close();
    await until(() => strangers().length === 0);
  });
});
