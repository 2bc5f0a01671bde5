/** Vendors' answers that no vendor gives: each is read, or refused in one plain line, at once, with no key in it. */
import { randomBytes } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitHub } from "../../ops/review/github.ts";
import { Atlas } from "../../vendors/atlas.ts";
import type { Account, Vendor } from "../../vendors/http.ts";
import { RedisCloud } from "../../vendors/redis-cloud.ts";
import { Render } from "../../vendors/render.ts";
import { Upstash } from "../../vendors/upstash.ts";
import { expectPlainLines, json, runs, text, unseen } from "../helpers/hostile.ts";

const secret = randomBytes(16).toString("hex");
let answer: (response: ServerResponse, url: string) => void;
let calls = 0;
let base: string;
let server: Server;

beforeAll(async () => {
  server = createServer(({ url = "" }, response) => {
    calls += 1;
    answer(response, url);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const account = (vendor: Vendor): Account => ({
  vendor,
  base,
  authorize: () => ({ "x-api-key": secret }),
  secrets: [secret],
  keys: "the test",
});
const options = { environment: {}, retries: 0, timeLimit: 5000 };
const render = () => new Render(account("Render"), "tea-1", options);
const atlas = () => new Atlas(account("MongoDB Atlas"), options);
const upstash = () => new Upstash(account("Upstash"), options);
const redisCloud = () => new RedisCloud(account("Redis Cloud"), options);

/** Everything that is read of an answer, by the call. */
const reads: Record<string, () => Promise<unknown>> = {
  services: () => render().list("services"),
  "services by name": () => render().named("services", "a"),
  postgres: () => render().list("postgres"),
  "key values": () => render().list("key-value"),
  service: () => render().service("srv-1"),
  variables: () => render().ownVariables("srv-1"),
  groups: () => render().groupsOf("srv-1"),
  deploys: () => render().deploys("srv-1"),
  job: () => render().job("srv-1", "job-1"),
  logs: () => render().logs("srv-1", "2026-11-27T00:00:00Z"),
  "postgres users": () => render().postgresUsers("dpg-1"),
  login: () => render().postgresLogin("dpg-1"),
  projects: () => atlas().projects(),
  clusters: () => atlas().clusters("1"),
  "flex clusters": () => atlas().flexClusters("1"),
  users: () => atlas().users("1"),
  "access list": () => atlas().accessList("1"),
  events: () => atlas().events("1", "x"),
  status: () => atlas().changeStatus("1", "a"),
  databases: () => upstash().databases(),
  password: () => upstash().resetPassword("1"),
  subscriptions: () => redisCloud().subscriptions(),
  plans: () => redisCloud().plans(),
  "Redis Cloud's databases": () => redisCloud().databases(1),
  "Redis Cloud's database": () => redisCloud().database(1, 1),
  comments: () => new GitHub({ api: base, repository: "a/b", token: secret, pause: 1 }).list("/issues"),
};

/** What is said of an answer; undefined where it is read. */
async function refusal(name: string): Promise<string | undefined> {
  const { [name]: read } = reads;
  const error = await read?.().then(
    () => undefined,
    (error: Error) => error,
  );
  if (error === undefined) return undefined;
  expect(["VendorError", "UserError", "NotAllowed", "Error"]).toContain(error.name);
  expectPlainLines(error.message);
  expect(error.message).not.toContain("\n");
  expect(error.message).toMatch(/^(Render|MongoDB Atlas|Upstash|Redis Cloud|GitHub): (GET|POST) /);
  expect(error.message + JSON.stringify(error)).not.toContain(secret);
  return error.message;
}

const says = (body: string | Buffer, status = 200, headers: Record<string, string> = {}) => {
  answer = (response) => void response.writeHead(status, headers).end(body);
};

describe("an answer that was found to do harm", () => {
  it.each<[what: string, read: string, body: unknown, problem: string]>([
    [
      "a group in place of a list",
      "services",
      {},
      "Render: GET /services answered 200 with JSON of another form (all of it: Invalid input: expected array, received object)",
    ],
    [
      "nothing in place of a list",
      "databases",
      null,
      "Upstash: GET /v2/redis/databases answered 200 with JSON of another form (all of it: Invalid input: expected array, received null)",
    ],
    [
      "a list without what it is of",
      "plans",
      {},
      "Redis Cloud: GET /fixed/plans answered 200 with JSON of another form (plans: Invalid input: expected array, received undefined)",
    ],
    [
      "a login that no URL can have",
      "login",
      { internalConnectionString: "postgresql://%:%@host/db", externalConnectionString: "" },
      "Render: GET /postgres/dpg-1/connection-info gave no connection string of a known form",
    ],
  ])("%s", async (_, read, body, problem) => {
    says(JSON.stringify(body));
    expect(await refusal(read)).toBe(problem);
  });

  it("a list that has always one page more", async () => {
    const page = Array.from({ length: 100 }, (_, index) => ({
      cursor: "again",
      id: `srv-${index}`,
      name: "a",
      createdAt: "",
      type: "web_service",
    }));
    says(JSON.stringify(page));
    expect(await refusal("services")).toBe("Render: GET /services answered 200 with more than 1000 pages");
  });

  it("keys are not carried to where it points", async () => {
    calls = 0;
    says("", 302, { location: `${base.replace("127.0.0.1", "localhost")}/elsewhere` });
    expect(await refusal("databases")).toBe("Upstash: GET /v2/redis/databases answered 302; expected 2xx");
    expect(calls).toBe(1);
  });

  it("more than a memory should hold, in a few bytes", async () => {
    says(gzipSync(Buffer.alloc(200 * 1024 * 1024, " ")), 200, { "content-encoding": "gzip" });
    expect(await refusal("databases")).toBe(
      "Upstash: GET /v2/redis/databases answered 200 with more than 16777216 characters",
    );
  });

  it("words that a terminal obeys", async () => {
    says(JSON.stringify({ message: "\u001b[2Jno\u202e\nerror: all is well" }), 400);
    expect(await refusal("databases")).toBe(
      "Upstash: GET /v2/redis/databases answered 400 (\\u001b[2Jno\\u202e error: all is well); expected 2xx",
    );
  });
});

describe("any answer", () => {
  it.each(Object.keys(reads))("%s", async (name) => {
    const body = fc.oneof(
      json(),
      fc.array(json(), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          "results",
          "subscriptions",
          "plans",
          "logs",
          "subscription",
          "service",
          "deploy",
          "id",
        ),
        json(),
      ),
    );
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(200, 201, 204, 400, 404), async (value, status) => {
        says(status === 204 ? "" : JSON.stringify(value), status);
        await refusal(name);
      }),
      runs(20),
    );
  });

  it("of any text and status, that ends early", async () => {
    await fc.assert(
      fc.asyncProperty(
        text(),
        fc.integer({ min: 200, max: 599 }),
        fc.boolean(),
        async (body, status, breaks) => {
          answer = (response) => {
            response.writeHead(status, { "content-length": Buffer.byteLength(body) + (breaks ? 9 : 0) });
            response.write(body);
            if (breaks) response.destroy();
            else response.end();
          };
          const message = await refusal("databases");
          expect(message ?? "").not.toMatch(unseen);
        },
      ),
      runs(60),
    );
  });
});
