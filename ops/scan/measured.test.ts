/** What the command is for: leaks in each form are found, and nothing in this repository, its history included. */
import { randomBytes, randomInt } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../bundle.mjs";
import { tableText } from "../terminal/table.ts";
import { Repository } from "./git.ts";
import { inspect } from "./inspect.ts";
import { scan } from "./run.ts";

const from = (alphabet: string, length: number) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** As Render, Atlas, Upstash, `openssl rand`, and password managers make them. */
const generators = [
  () => from(letters, 32),
  () => from(letters, 20),
  () => randomBytes(16).toString("hex"),
  () => randomBytes(24).toString("base64"),
  () => from(`${letters}!@#%^*_+-=.~?`, 24),
];

/** Values of these in a URL, on a command line or in a prefix; whoever types them quotes what a shell would take. */
const forms: Record<string, [string, (secret: string) => string][]> = {
  "shell file": [
    ["deploy.sh", (secret) => `POSTGRES_PASSWORD=${secret}`],
    ["deploy.sh", (secret) => `export POSTGRES_PASSWORD=${secret}`],
    ["deploy.sh", (secret) => `export API_SECRET='${secret}' OTHER=1`],
    ["deploy.sh", (secret) => `  declare -x REDIS_PASSWORD="${secret}"`],
  ],
  ".env": [
    [".env", (secret) => `POSTGRES_PASSWORD=${secret}`],
    [".env.local", (secret) => `export POSTGRES_PASSWORD="${secret}"`],
    [".envrc", (secret) => `DJANGO_SECRET_KEY = ${secret}`],
  ],
  "URL with a driver": [
    "postgresql+asyncpg",
    "postgresql+psycopg2",
    "postgres",
    "mongodb+srv",
    "mysql+pymysql",
    "rediss",
    "amqps",
  ].flatMap((scheme) => [
    ["app.py", (secret) => `x = "${scheme}://kairos:${encodeURIComponent(secret)}@db.kairos.fr/x"`],
    ["notes.md", (secret) => `${scheme}://kairos:${encodeURIComponent(secret)}@localhost:1/x`],
  ]),
  "flag of a client": [
    ["notes.md", (secret) => `mongosh "mongodb+srv://c.kairos.fr" --username k --password '${secret}'`],
    ["deploy.sh", (secret) => `mongodump --uri "$URI" --password=${secret} --out x`],
    ["deploy.sh", (secret) => `mongosh c.kairos.fr -u kairos -p ${secret} --eval 'db.x.find()'`],
    ["deploy.sh", (secret) => `mysql -h db.kairos.fr -u kairos -p'${secret}' kairos`],
    ["Makefile", (secret) => `\tredis-cli -h c.kairos.fr -a ${secret} PING`],
    ["notes.md", (secret) => `    redis-cli --pass '${secret}' --tls`],
    ["compose.yaml", (secret) => `    command: redis-server --requirepass ${secret}`],
    ["Dockerfile", (secret) => `CMD ["redis-server", "--requirepass", "${secret}"]`],
    ["task.py", (secret) => `subprocess.run(["redis-cli", "-a", "${secret}", "FLUSHALL"])`],
    ["task.py", (secret) => `os.system("mongorestore --password '${secret}' dump/")`],
  ],
  "variable before a command": [
    ["notes.md", (secret) => `$ PGPASSWORD='${secret}' psql -h db.kairos.fr -U kairos`],
    ["deploy.sh", (secret) => `PGPASSWORD=${secret} pg_dump kairos`],
    ["deploy.sh", (secret) => `REDISCLI_AUTH=${secret} redis-cli PING`],
    ["deploy.sh", (secret) => `MYSQL_PWD="${secret}" mysql kairos`],
    ["deploy.sh", (secret) => `MONGODB_PASSWORD=${secret} python manage.py migrate`],
    ["ci.yaml", (secret) => `      - run: docker run -e MONGODB_PWD=${secret} kairos`],
  ],
  "decrypted state": [
    [
      "export.json",
      (secret) =>
        JSON.stringify({
          "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
          plaintext: JSON.stringify(secret),
        }),
    ],
    [
      "export.json",
      (secret) =>
        JSON.stringify(
          {
            "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
            plaintext: JSON.stringify({ value: secret }),
          },
          null,
          4,
        ),
    ],
    ["settings.json", (secret) => JSON.stringify({ "kairos:x": { value: secret, secret: true } }, null, 2)],
    ["outputs.json", (secret) => JSON.stringify({ environment: { POSTGRES_PASSWORD: secret } })],
  ],
  YAML: [
    ["compose.yaml", (secret) => `      POSTGRES_PASSWORD: ${secret}`],
    ["compose.yaml", (secret) => `      - "POSTGRES_PASSWORD=${secret}"`],
    ["render.yaml", (secret) => `      - key: POSTGRES_PASSWORD\n        value: ${secret}`],
    ["pod.yaml", (secret) => `- name: REDIS_PASSWORD\n  value: "${secret}"`],
    ["values.yaml", (secret) => `auth:\n  password: '${secret}'`],
    ["values.yaml", (secret) => `secretKey: >-\n  ${secret}`],
  ],
  TOML: [
    ["pyproject.toml", (secret) => `password = "${secret}"`],
    ["config.toml", (secret) => `[redis]\nauth_token = '${secret}'`],
    ["config.toml", (secret) => `x = { host = "h", api_key = "${secret}" }`],
  ],
  Python: [
    ["settings.py", (secret) => `SECRET_KEY = "${secret}"`],
    ["settings.py", (secret) => `POSTGRES_PASSWORD: str = '${secret}'`],
    ["settings.py", (secret) => `DATABASES = {"default": {"PASSWORD": "${secret}"}}`],
    ["settings.py", (secret) => `password: str = Field(default="x", alias="y")\ntoken = b"${secret}"`],
    ["db.py", (secret) => `connect(host="h", password="${secret}", user="k")`],
    ["db.py", (secret) => `psycopg2.connect("host=h user=k password=${secret} dbname=x")`],
    ["db.py", (secret) => `os.environ["PGPASSWORD"] = "${secret}"`],
    ["db.py", (secret) => `os.getenv("POSTGRES_PASSWORD", "${secret}")`],
    ["db.py", (secret) => `PASSWORD = config("DB_PASSWORD", default='${secret}')`],
    ["db.py", (secret) => `PASSWORD = (\n    "${secret}"\n)`],
    ["api.py", (secret) => `headers = {"Authorization-Token": f"Bearer ${secret}"}`],
  ],
  JSON: [
    ["config.json", (secret) => JSON.stringify({ a: { password: secret } }, null, 2)],
    ["env.json", (secret) => JSON.stringify([{ key: "POSTGRES_PASSWORD", value: secret }])],
    ["nested.json", (secret) => JSON.stringify({ body: JSON.stringify({ apiKey: secret }) })],
  ],
  Dockerfile: [
    ["Dockerfile", (secret) => `ENV POSTGRES_PASSWORD=${secret}`],
    ["Dockerfile", (secret) => `ENV POSTGRES_PASSWORD ${secret}`],
    ["Dockerfile", (secret) => `ARG API_TOKEN="${secret}"`],
  ],
  "files of clients": [
    [".pgpass", (secret) => `db.kairos.fr:5432:kairos:kairos:${secret}`],
    ["redis.conf", (secret) => `requirepass ${secret}`],
    [".netrc", (secret) => `machine api.kairos.fr login kairos password ${secret}`],
    [".my.cnf", (secret) => `[client]\npassword=${secret}`],
  ],
};

describe("leaks in each form", () => {
  const rows: string[][] = [];
  afterAll(() => console.log(tableText(["form", "leaks", "found"], rows)));

  it.each(Object.entries(forms))("%s", async (form, lines) => {
    const missed: string[] = [];
    let all = 0;
    async function* contents() {
      for (const [name, line] of lines)
        for (const generate of generators)
          for (let draw = 0; draw < 10; draw += 1)
            yield {
              kind: "document" as const,
              name,
              bytes: Buffer.from(`first\n\n${line(generate())}\n`),
            };
    }
    // All at once: the generic scanner remembers every call.
    for await (const { content, matches } of inspect(contents(), [])) {
      all += 1;
      if (!matches.some(({ line }) => line > 2)) missed.push(`${content.name}: ${content.bytes}`);
    }
    rows.push([form, String(all), String(all - missed.length)]);
    // A draw may look weak now and then.
    expect(missed.length / all, missed.join("\n")).toBeLessThan(0.05);
  });
});

const isRepository = await Repository.at(root).then(
  () => true,
  () => false,
);
if (!isRepository) console.log("skipped: the scan of this repository (not a clone)");

it.skipIf(!isRepository)("this repository and its history hold no secret", async () => {
  const { findings, unused, contents } = await scan({});
  console.log(`this repository: ${findings.length} false alarms in ${contents} contents`);
  expect(findings).toEqual([]);
  expect(unused).toEqual([]);
  expect(contents).toBeGreaterThan(100);
});
