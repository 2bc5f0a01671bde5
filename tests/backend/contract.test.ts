/** databases.py is what the command writes, and does what its words say: asked in Python, with variables of every kind. */
import { randomBytes } from "node:crypto";
import path from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { root } from "../../ops/bundle.mjs";

const python = process.env.KAIROS_PYTHON;
if (!python) console.log("skipped: the contract in Python (KAIROS_PYTHON names no Python with its packages)");

it("databases.py is current, as a backend's CI would see it", async () => {
  const file = path.join("tests", "backend", "databases.py");
  const args = ["ops/kairos.mjs", "contract", "--lang", "python", "--check", file];
  const { stdout } = await execa(process.execPath, args, { cwd: root });
  expect(stdout).toBe(`${file}: current`);
});

const secret = randomBytes(12).toString("hex");
const mongodb = {
  MONGODB_URL: `mongodb+srv://kairos:${secret}@cluster0.mongodb.invalid/ka%C3%AFros?retryWrites=true&w=majority`,
  MONGODB_DB_NAME: "kaïros",
  MONGODB_TIMEOUT_MS: "5000",
  MONGODB_MAX_POOL_SIZE: "200",
  MONGODB_MIN_POOL_SIZE: "20",
};
const postgres = {
  POSTGRES_HOST: "dpg-x-a",
  POSTGRES_PORT: "5432",
  POSTGRES_USER: "kairos",
  POSTGRES_PASSWORD: secret,
  POSTGRES_DB: "kairos_b34d",
};
const redis = { REDIS_URL: `rediss://default:${secret}@redis.invalid:6379` };

describe.skipIf(!python)("in Python", () => {
  /** What an expression is with these variables, or the error that it ends with. */
  async function value(expression: string, variables: Record<string, string>): Promise<unknown> {
    const program = `import json
from databases import *
print(json.dumps(${expression}, ensure_ascii=False, default=str))`;
    const { stdout, stderr, exitCode } = await execa(python ?? "", ["-c", program], {
      cwd: path.join(root, "tests", "backend"),
      // USER and HOST are in every shell: no variable of the contract.
      env: { ...variables, USER: "root", HOST: "here", PYTHONDONTWRITEBYTECODE: "1", PYTHONUTF8: "1" },
      extendEnv: false,
      reject: false,
    });
    return exitCode === 0 ? JSON.parse(stdout) : stderr;
  }

  it("has types, and what a stack does not have is None", async () => {
    const all = "[d.mongodb.db_name, d.mongodb.timeout_ms, d.postgres, d.redis]";
    expect(await value(`(lambda d: ${all})(Databases())`, mongodb)).toEqual(["kaïros", 5000, null, null]);
    const port = await value("Databases().postgres.port", { ...mongodb, ...postgres });
    expect(port).toBe(5432);
  });

  it("takes an empty variable for none", async () => {
    const empty = Object.fromEntries(Object.keys(postgres).map((name) => [name, ""]));
    expect(await value("Databases().postgres", { ...mongodb, ...empty })).toBeNull();
  });

  it.each([
    ["half a database", { ...mongodb, ...postgres, POSTGRES_USER: "" }, "POSTGRES_USER"],
    ["a port that is none", { ...mongodb, ...postgres, POSTGRES_PORT: "65536" }, "POSTGRES_PORT"],
    ["no MongoDB", { ...postgres, ...redis }, "MONGODB_URL"],
    ["half of MongoDB", { ...mongodb, MONGODB_TIMEOUT_MS: "5s" }, "MONGODB_TIMEOUT_MS"],
  ])("refuses %s by the variable's name, and shows no value", async (_, variables, name) => {
    const error = await value("Databases()", variables);
    expect(error).toContain("ValidationError");
    expect(error).toContain(name);
    expect(error).not.toContain(secret);
  });

  it("shows no secret where it is printed", async () => {
    const shown = await value("repr(Databases()) + Databases().model_dump_json()", {
      ...mongodb,
      ...postgres,
      ...redis,
    });
    expect(shown).toContain("kairos_b34d");
    expect(shown).not.toContain(secret);
  });

  it("gives pymongo what the contract says", async () => {
    expect(await value("Databases().mongodb.client_options()", mongodb)).toEqual({
      host: mongodb.MONGODB_URL,
      serverSelectionTimeoutMS: 5000,
      connectTimeoutMS: 5000,
      maxPoolSize: 200,
      minPoolSize: 20,
    });
  });

  it.each([
    ["psycopg", "dpg-x-a", { sslmode: "prefer" }],
    ["asyncpg", "dpg-x-a", { ssl: "prefer" }],
    ["psycopg", "dpg-x-a.oregon-postgres.render.com", { sslmode: "require" }],
    ["asyncpg", "dpg-x-a.oregon-postgres.render.com", { ssl: "require" }],
  ])("gives SQLAlchemy, by %s to %s, %j", async (driver, host, tls) => {
    const options = `Databases().postgres.engine_options("${driver}")`;
    const expression = `{**${options}, "url": ${options}["url"].render_as_string(hide_password=False)}`;
    expect(await value(expression, { ...mongodb, ...postgres, POSTGRES_HOST: host })).toEqual({
      url: `postgresql+${driver}://kairos:${secret}@${host}:5432/kairos_b34d`,
      connect_args: tls,
      pool_pre_ping: true,
    });
  });

  it("gives redis-py the check of the certificate, where there is one", async () => {
    const options = "Databases().redis.client_options()";
    expect(await value(options, { ...mongodb, ...redis })).toEqual({
      url: redis.REDIS_URL,
      ssl_cert_reqs: "required",
      ssl_check_hostname: true,
    });
    const inside = { REDIS_URL: "redis://red-0123456789:6379" };
    expect(await value(options, { ...mongodb, ...inside })).toEqual({ url: inside.REDIS_URL });
    const made = `import_redis().Redis.from_url(**${options}).connection_pool.connection_kwargs["ssl_check_hostname"]`;
    const importing = made.replace("import_redis()", '__import__("redis")');
    expect(await value(importing, { ...mongodb, ...redis })).toBe(true);
  });
});
