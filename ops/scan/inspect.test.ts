import { createHash, generateKeyPairSync, randomBytes, randomInt, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canary } from "../../tests/canaries.ts";
import { inspect } from "./inspect.ts";
import { knownOf } from "./known.ts";
import { strength } from "./rules/values.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const generated = (length = 32) => Array.from({ length }, () => letters[randomInt(letters.length)]).join("");
/** One that no unlucky draw makes look weak. */
const password = () => createHash("sha256").update(randomBytes(16)).digest("hex").slice(0, 32);

async function rulesIn(text: string, name = "notes.md", secrets: string[] = []): Promise<string[]> {
  const known = [knownOf(secrets.map((value, index) => ({ name: `secret ${index}`, value })))];
  async function* contents() {
    yield { kind: "working tree" as const, name, bytes: Buffer.from(text) };
  }
  const found: string[] = [];
  for await (const { matches } of inspect(contents(), known))
    found.push(...matches.map(({ rule, line }) => `${rule}:${line}`));
  return found;
}

describe("credentials with a form of their own", () => {
  const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const cases: [string, string, string][] = [
    ["render-api-key", "a Render key", `key rnd_${generated(28)}.`],
    [
      "render-deploy-hook",
      "a deploy hook",
      `https://api.render.com/deploy/srv-${"c".repeat(20)}?key=${generated(11)}`,
    ],
    ["atlas-service-account-secret", "a service account", `mdb_sa_sk_${generated(40)}`],
    ["api-key-uuid", "an Atlas private key", `MONGODB_ATLAS_PRIVATE_KEY=${randomUUID()}`],
    ["api-key-uuid", "an Upstash key", `upstash:apiKey: "${randomUUID()}"`],
    ["pulumi-access-token", "a Pulumi token", `pul-${randomBytes(20).toString("hex")}`],
    ["private-key", "a private key", pem],
    [
      "url-with-password",
      "a MongoDB URL",
      `mongodb+srv://kairos:${generated(20)}@cluster0.ab1cd.mongodb.net/x`,
    ],
    [
      "url-with-password",
      "a weak one at a vendor's",
      `mongodb://kairos:Soleil${randomInt(1000, 2100)}@c.ab1cd.mongodb.net,d.ab1cd.mongodb.net/x`,
    ],
    ["url-with-password", "an Upstash URL", `rediss://default:${password()}@eager-cat-1.upstash.io:6379`],
    ["url-with-password", "a private Render URL", `postgresql://kairos:${password()}@dpg-abc-a/kairos_db`],
    ["url-with-password", "a URL whose host comes later", `postgresql://kairos:${password()}@\${host}/x`],
    ["secret-by-name", "a row of a table", `| \`POSTGRES_PASSWORD\` | \`${password()}\` | Mot de passe |`],
    ["secret-by-name", "a French document", `- **Mot de passe** : \`${password()}\``],
    [
      "secret-by-name",
      "a weak one for a real host",
      `PGPASSWORD=${"hunter2".repeat(2)} psql -h db.kairos.fr`,
    ],
    ["secretlint-github", "somebody else's token", `ghp_${randomBytes(18).toString("hex")}`],
  ];
  it.each(cases)("%s: %s", async (rule, _, line) => {
    expect(await rulesIn(`first\n${line}\n`)).toEqual([`${rule}:2`]);
  });

  const encodings: [string, (text: string) => string][] = [
    ["percent-encoded", (text) => encodeURIComponent(text)],
    ["in JSON", (text) => JSON.stringify({ text })],
    ["in JSON in JSON", (text) => JSON.stringify(JSON.stringify({ text }))],
    ["in base64", (text) => Buffer.from(text).toString("base64")],
    ["in base64 behind something", (text) => `v1-${Buffer.from(`x:${text}`).toString("base64url")}`],
    ["in hexadecimal", (text) => Buffer.from(text).toString("hex")],
    ["in JSON in base64", (text) => Buffer.from(JSON.stringify({ text })).toString("base64")],
  ];
  it.each(encodings)("are found %s", async (_, encode) => {
    const url = `mongodb+srv://kairos:${password()}@cluster0.ab1cd.mongodb.net/x`;
    expect(await rulesIn(`first\n\n${encode(url)}\n`)).toEqual(["url-with-password:3"]);
  });

  it.each([["plain", (text: string) => text] as const, ...encodings])(
    "known secrets are found %s",
    async (_, encode) => {
      const secret = canary();
      const found = await rulesIn(`first\n${encode(`x${secret}y`)}\n`, "notes.md", [canary(), secret]);
      expect(found.filter((one) => one === "known-secret:2")).toHaveLength(1);
      expect(await rulesIn(`first\n${encode(canary())}\n`, "notes.md", [secret])).toEqual([]);
    },
  );

  it("finds a known secret in what is no text, and the password of a known URL by itself", async () => {
    const secret = canary();
    expect(await rulesIn(`\0\x01${secret}`, "image.png", [secret])).toEqual(["known-secret:1"]);
    const url = `redis://u:${encodeURIComponent(secret)}@h`;
    expect(await rulesIn(`the password is ${secret}`, "notes.md", [url])).toEqual(["known-secret:1"]);
  });

  it("is not switched off by another scanner's comment", async () => {
    const token = `ghp_${randomBytes(18).toString("hex")}`;
    expect(await rulesIn(`// secretlint-disable\n${token}\n`)).toEqual(["secretlint-github:2"]);
  });
});

describe("what is none", () => {
  it.each([
    "mongodb+srv://kairos:<mot-de-passe>@cluster0.example.mongodb.net/kairos?retryWrites=true",
    "POSTGRES_PASSWORD=<mot-de-passe>",
    "| `POSTGRES_PASSWORD` | `[secret]` | Mot de passe |",
    "mongodb://user:password@host:port/database",
    `redis://default:\${encodeURIComponent(password)}@127.0.0.1:\${port}`,
    "rediss://default:***@eager-cat-1.upstash.io:6379",
    "MONGODB_URL=mongodb+srv://kairos:…@cluster0.ab1cd.mongodb.net/",
    "password: generatedPasswordOfTheCluster0",
    `POSTGRES_PASSWORD=\${SOME_VARIABLE_4_POSTGRES_PASSWORD}`,
    "key rnd_short",
    '{ "password": { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" } }',
    "token: 0123456789abcdef0123456789abcdef",
    `"password": { "$secret": "${createHash("sha256").update("x").digest("hex").slice(0, 16)}" }`,
    `integrity: sha512-${createHash("sha512").update("x").digest("base64")}`,
    `commit ${createHash("sha1").update("x").digest("hex")}`,
    'mysql -h db.kairos.fr -p"$MYSQL_PWD"; redis-cli -a <mot-de-passe>; psql -p 54321',
    "PGPASSWORD=hunter2hunter psql -h localhost",
    "urn:pulumi:test::kairos::random:index/randomPassword:RandomPassword::postgres-password",
    "the-database-host:5432:database:user:password",
  ])("%s", async (line) => {
    expect(await rulesIn(line)).toEqual([]);
  });

  it.each([
    "const password = createHash256Of(thing1, thing2);",
    "token = settings.generated_token_of_staging",
    "const names = ['sodium_crypto_auth', 'sodium_crypto_secretbox_open'];",
  ])("in a program: %s", async (line) => {
    expect(await rulesIn(line, "a.py")).toEqual([]);
  });
});

describe("stack files", () => {
  it("finds every secret setting in clear, weak ones too, and nothing encrypted", async () => {
    const text = [
      "config:",
      "  render:apiKey: hunter2hunter",
      "  kairos:redis:",
      "    provider: external",
      "    url: redis://u:hunter2@cache.kairos.example",
      "  kairos:backend:",
      "    - name: b",
      "      secrets:",
      "        SMTP: easy",
      "        OTHER:",
      `          secure: AAAB${password()}`,
      "  upstash:apiKey:",
      `    secure: AAAB${password()}`,
      "  mongodbatlas:privateKey: <atlas-key>",
    ].join("\n");
    const found = ["stack-file-in-clear:2", "stack-file-in-clear:5", "stack-file-in-clear:9"];
    expect(await rulesIn(text, "Pulumi.prod.yaml")).toEqual(found);
    expect(await rulesIn(text, "notes.yaml")).toEqual([]);
  });
});

describe("strength", () => {
  it("is low for what people make, and high enough for nearly all that is generated", () => {
    for (const weak of [
      "MotDePasseDeKairos2024!",
      "Tr0ub4dor&3-Kairos-2025",
      "correcthorsebatterystaple",
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "0123456789abcdef0123456789abcdef",
      "Le petit chat boit du lait à 7 heures et demie",
    ])
      expect(strength(weak), weak).toBeLessThan(88);
    const values = Array.from({ length: 2000 }, () => strength(generated()));
    expect(values.filter((bits) => bits < 88).length).toBeLessThan(20);
    // Never more than there can be.
    expect(Math.max(...values)).toBeLessThanOrEqual(32 * Math.log2(62));
  });
});
