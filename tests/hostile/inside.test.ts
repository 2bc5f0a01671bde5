/** What a job inside of the backend's service prints, and what its databases say there: read, or refused in a plain line. */
import { randomBytes } from "node:crypto";
import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lookFromInside } from "../../ops/status/inside/index.ts";
import { statusMarkdown } from "../../ops/status/markdown.ts";
import type { Status } from "../../ops/status/model.ts";
import { statusText } from "../../ops/status/text.ts";
import { verdictOn } from "../../ops/status/verdict/index.ts";
import { wordsIn } from "../../ops/status/words.ts";
import { harmless } from "../../ops/terminal/output.ts";
import { createService, RenderCloud, renderApi } from "../../sandbox/clouds/render/index.ts";
import { type Served, serve } from "../../sandbox/clouds/serve.ts";
import { Render } from "../../vendors/render.ts";
import { expectPlainLines, json, runs, text, unseen } from "../helpers/hostile.ts";
import { statusWith } from "../helpers/recap.ts";

const key = `rnd_${randomBytes(12).toString("hex")}`;
const secret = randomBytes(16).toString("hex");
const variables = { MONGODB_URL: `mongodb://kairos:${secret}@host/`, MONGODB_DB_NAME: "kaïros" };
/** What the job prints, of what it knows the mark. */
let prints: (mark: string) => string[];
let printed: { timestamp: string; message: string }[] = [];
let served: Served;
let services: { name: string; id: string }[];

beforeAll(async () => {
  const cloud = new RenderCloud({
    ownerId: "tea-test",
    job: async (_, { startCommand }) => {
      const timestamp = new Date().toISOString();
      printed = prints(markIn(startCommand)).map((message) => ({ timestamp, message }));
      return "succeeded";
    },
    lines: () => printed,
  });
  served = await serve(renderApi(cloud, key));
  const { service } = createService(cloud, {
    name: "kairos-backend",
    type: "web_service",
    image: { imagePath: "registry.example/kairos/backend:7" },
    serviceDetails: { runtime: "image", region: "oregon", plan: "starter" },
  });
  for (const deploy of cloud.state.deploys) deploy.status = "live";
  services = [service];
});
afterAll(() => served.close());

const markIn = (command: string) => {
  const [, packed = ""] = /b64decode\('([^']*)'/.exec(command) ?? [];
  return /kairos-look-[0-9a-f]+/.exec(inflateSync(Buffer.from(packed, "base64")).toString())?.[0] ?? "";
};

const texts = { en: wordsIn("en"), fr: wordsIn("fr") };

/** What a status says after such a job: in both languages, for a terminal and in Markdown, or why nothing was seen. */
async function look(lines: (mark: string) => string[]): Promise<Status | string> {
  prints = lines;
  const account = Render.account(() => key, { RENDER_HOST: `${served.url}/v1` });
  const databases = { mongodb: "atlas", postgres: "render-private", redis: "upstash" } as const;
  const answer = await lookFromInside(
    { account, services, variables, databases, timeout: 100 },
    { pause: 10, late: 0, limit: 60_000 },
  );
  if ("refused" in answer) {
    for (const line of answer.refused) {
      expectPlainLines(line);
      expect(line).toMatch(/^kairos-backend: cannot be asked from inside: [^\n]+$/);
    }
    expect(answer.refused.join()).not.toContain(secret);
    return answer.refused.join();
  }
  const { mongodb, postgres, redis } = answer.observations;
  const status = statusWith({
    mongodb: verdictOn("mongodb", mongodb),
    postgres: verdictOn("postgres", postgres),
    redis: verdictOn("redis", redis),
  });
  for (const words of Object.values(texts)) {
    const shown = statusText(status, words) + statusMarkdown(status, words);
    expect(shown).not.toContain(secret);
    expect(harmless(shown).replaceAll("\n", "")).not.toMatch(unseen);
    expect(shown).not.toMatch(/\[object Object\]|undefined|NaN/);
  }
  return status;
}
const said = (databases: unknown) => (mark: string) => [`${mark} 1/1 ${JSON.stringify({ databases })}`];

describe("a word from inside that was found to do harm", () => {
  it.each<[what: string, lines: (mark: string) => string[], reason: string]>([
    ["no JSON", (mark) => [`${mark} 1/1 {`], "its answer is of another form"],
    ["nothing of databases", (mark) => [`${mark} 1/1 null`], "its answer is of another form"],
    ["a database that is none", said({ mongodb: 1 }), "its answer is of another form"],
    ["a part far behind the last one", (mark) => [`${mark} 400000000/1 x`], "and its last words are: "],
    [
      "a part of hundreds of millions",
      (mark) => [`${mark} 400000000/900000000 x`, `${mark} 1/2 x`],
      "and its last words are: ",
    ],
  ])("%s", async (_, lines, reason) => {
    expect(await look(lines)).toContain(reason);
  });
});

describe("any word from inside", () => {
  it("of lines of any text", async () => {
    const line = fc.oneof(
      text().map((some) => (_: string) => some),
      fc.tuple(fc.nat(3), fc.nat(3), text()).map(
        ([number, of, some]) =>
          (mark: string) =>
            `${mark} ${number}/${of} ${some}`,
      ),
      fc.constant((_: string) => `Traceback: ${variables.MONGODB_URL}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 4 }), async (lines) => {
        await look((mark) => lines.map((one) => one(mark)));
      }),
      runs(20),
    );
  });

  it("of answers of any form", async () => {
    const one = fc.dictionary(
      fc.constantFrom(
        ...["stage", "seconds", "driver", "wantsTls", "accepted", "tls", "answers", "code", "__proto__"],
      ),
      json(),
    );
    const answers = fc.dictionary(
      fc.constantFrom(
        ...[
          "times",
          "topology",
          "settings",
          "version",
          "connectionStatus",
          "databases",
          "collections",
          "hello",
        ],
        ...["server", "relations", "conflicts", "size", "commands", "information"],
      ),
      json(),
    );
    const nearly = fc
      .tuple(fc.constantFrom("connecting", "asking"), one, answers)
      .map(([stage, more, answers]) => ({ stage, seconds: 1, ...more, answers }));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom("mongodb", "postgres", "redis"), fc.oneof(one, nearly)),
        async (databases) => {
          await look(said(databases));
        },
      ),
      runs(20),
    );
  });

  it("of names of any text", async () => {
    await fc.assert(
      fc.asyncProperty(text(), async (name) => {
        const asking = { stage: "asking", seconds: 1, driver: name };
        const users = { authenticatedUsers: [{ user: name, db: name }] };
        const privileges = [{ resource: { db: name, collection: "" }, actions: ["find"] }];
        const server = {
          ...{ version: `18 ${name}`, database: name, role: name, superuser: false, used: 1, maximum: 9 },
          ...{ readonly: false, creates: true },
        };
        const status = await look(
          said({
            mongodb: {
              ...asking,
              answers: {
                version: name,
                topology: { type: "x", set: name, servers: [{ type: "RSPrimary", address: name }] },
                databases: [name, "kairos"],
                collections: [{ name, indexes: [name] }],
                connectionStatus: { authInfo: { ...users, authenticatedUserPrivileges: privileges } },
              },
            },
            postgres: {
              ...asking,
              answers: {
                server: [server],
                relations: [{ name, schema: name, place: "elsewhere", writes: true, owned: true }],
              },
            },
            redis: { ...asking, code: name, answers: {} },
          }),
        );
        expect(status).toHaveProperty("databases.mongodb.facts.version", name);
      }),
      runs(20),
    );
  });
});
