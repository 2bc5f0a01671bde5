import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { render } from "../infra/accounts.ts";
import { Render } from "./render.ts";

const newKey = () => `rnd_${randomBytes(16).toString("hex")}`;
const key = newKey();
const service = "srv-01234567890123456789";

interface Answer {
  status?: number;
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  text?: string;
  /** The connection breaks: before the answer, or in the middle of it. */
  breaks?: "before" | "within";
}
interface Received {
  method: string | undefined;
  path: string;
  query: Record<string, string>;
  authorization: string | undefined;
  body: string;
}

let server: Server;
let received: Received[];
let answer: (request: Received) => Answer;

beforeEach(async () => {
  received = [];
  server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const { method, headers } = request;
    const query = Object.fromEntries(searchParams);
    const body = await read(request);
    received.push({ method, path: pathname, query, authorization: headers.authorization, body });
    const { status = 200, body: value, text, breaks } = answer(received.at(-1) as Received);
    if (breaks === "before") {
      request.socket.destroy();
      return;
    }
    response.writeHead(status, { "content-type": "application/json" });
    if (breaks === "within") {
      response.write("[", () => request.socket.destroy());
      return;
    }
    response.end(text ?? (value === undefined ? "" : JSON.stringify(value)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("RENDER_HOST", host());
  vi.stubEnv("RENDER_API_KEY", newKey());
  vi.stubEnv("RENDER_OWNER_ID", "tea-environment");
  pulumi.runtime.setAllConfig({ "render:apiKey": key, "render:ownerId": "tea-config" });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** As the program has it, without the pauses. */
const api = () => render({ pause: 1 });
const host = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
async function read(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
/** What a failing call shows, with all that its error carries. */
const shown = (call: Promise<unknown>) =>
  call.then(
    () => "no error",
    (error: unknown) => inspect(error),
  );

describe("address and key", () => {
  beforeEach(() => {
    answer = () => ({ body: [] });
  });

  it("come from the stack's config before the environment", async () => {
    await api().named("services", "web");
    expect(received).toMatchObject([{ authorization: `Bearer ${key}`, query: { ownerId: "tea-config" } }]);
  });

  it("come from the environment when the config has none", async () => {
    pulumi.runtime.setAllConfig({});
    await api().named("services", "web");
    expect(received).toMatchObject([
      { authorization: `Bearer ${process.env.RENDER_API_KEY}`, query: { ownerId: "tea-environment" } },
    ]);
  });

  it("are Render's own unless RENDER_HOST says otherwise", () => {
    expect(Render.account(() => "", {}).base).toBe("https://api.render.com/v1");
    expect(Render.account(() => "", { RENDER_HOST: "http://127.0.0.1:1/v1/" }).base).toBe(
      "http://127.0.0.1:1/v1",
    );
  });
});

describe("named", () => {
  it.each([
    ["under the name of their kind", (group: object) => ({ cursor: "c", envGroup: group })],
    ["bare, as Render describes them", (group: object) => group],
  ])("takes items %s", async (_, shape) => {
    const group = { id: "evg-a", name: "databases", serviceLinks: [{ id: service }] };
    answer = ({ path }) => ({
      body: path.endsWith("/env-groups") ? [shape(group)] : { ...group, envVars: [{ key: "A", value: "b" }] },
    });
    expect(await api().groupsOf(service)).toMatchObject([
      { id: "evg-a", envVars: [{ key: "A", value: "b" }] },
    ]);
  });

  it("asks by name and owner, and keeps exact matches only", async () => {
    const named = (name: string, id: string) => ({ cursor: "c", service: { id, name, type: "web_service" } });
    answer = () => ({ body: [named("web-2", "srv-a"), named("web", "srv-b"), named("Web", "srv-c")] });
    expect(await api().named("services", "web")).toEqual([{ id: "srv-b", name: "web", type: "web_service" }]);
    expect(received).toMatchObject([
      { method: "GET", path: "/v1/services", query: { name: "web", ownerId: "tea-config", limit: "100" } },
    ]);
  });
});

describe("ownVariables", () => {
  const page = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      cursor: `cursor-${from + index}`,
      envVar: { key: `VARIABLE_${from + index}`, value: newKey() },
    }));

  it.each([
    ["no variable", [page(0, 0)], [undefined]],
    ["one short page", [page(0, 3)], [undefined]],
    ["a full page, and an empty one after it", [page(0, 100), []], [undefined, "cursor-99"]],
    ["several pages", [page(0, 100), page(100, 100), page(200, 1)], [undefined, "cursor-99", "cursor-199"]],
  ])("follows the cursor to the end: %s", async (_, pages, cursors) => {
    answer = () => ({ body: pages[received.length - 1] });
    const own = await api().ownVariables(service);
    expect(own).toEqual(pages.flat().map(({ envVar }) => envVar));
    expect(received.map(({ query }) => query.cursor)).toEqual(cursors);
    expect(new Set(received.map(({ path }) => path))).toEqual(new Set([`/v1/services/${service}/env-vars`]));
  });
});

describe("deploy", () => {
  it.each([
    ["a commit", { commitId: "abc" }, '{"commitId":"abc"}'],
    ["an image", { imageUrl: "ghcr.io/k/b:1" }, '{"imageUrl":"ghcr.io/k/b:1"}'],
    ["what is configured", undefined, "{}"],
  ])("starts one deploy of %s, whatever the answer's body", async (_, what, body) => {
    answer = () => ({ status: 201 });
    await api().deploy(service, what);
    expect(received).toMatchObject([{ method: "POST", path: `/v1/services/${service}/deploys`, body }]);
  });
});

describe("an error", () => {
  it.each([
    [
      "Render's message",
      { status: 401, body: { message: "unauthorized" } },
      "answered 401 (unauthorized); expected 2xx: the key is wrong, or may not do this. It comes from render:apiKey",
    ],
    ["no message", { status: 500, body: { error: "x" } }, "answered 500; expected 2xx"],
    ["a page instead of JSON", { status: 502, text: "<html>" }, "answered 502; expected 2xx"],
    ["an empty body", { status: 404 }, "answered 404; expected 2xx"],
    [
      "a long message",
      { status: 400, body: { message: "x".repeat(999) } },
      `answered 400 (${"x".repeat(200)});`,
    ],
    ["a connection that breaks", { breaks: "before" }, "got no answer (UND_ERR_SOCKET); check the network"],
    ["a connection that breaks within the answer", { breaks: "within" }, "got no answer ("],
    [
      "a page with status 200",
      { text: "<html>" },
      "answered 200 with something that is not JSON; is http://127.0.0.1",
    ],
  ] as [string, Answer, string][])("names the call and what it got: %s", async (_, given, expected) => {
    answer = () => given;
    const error = await shown(api().ownVariables(service));
    expect(error).toContain(`Render: GET /services/${service}/env-vars ${expected}`);
    expect(error).not.toContain(key);
  });

  it("says when nobody listens", async () => {
    vi.stubEnv("RENDER_HOST", "http://127.0.0.1:1/v1");
    const error = await shown(api().deploy(service));
    expect(error).toMatch(
      /Render: POST \/services\/srv-\d+\/deploys got no answer \(.+\); check the network/,
    );
  });

  it("does not hold the key, even when the answer repeats it", async () => {
    answer = ({ authorization }) => ({ status: 401, body: { message: `bad token: ${authorization}` } });
    expect(await shown(api().deploys(service))).not.toContain(key);
  });

  it("does not hold the better part of the key where a long answer is cut", async () => {
    answer = () => ({ status: 401, body: { message: `${"x".repeat(200 - key.length + 1)}${key}` } });
    expect(await shown(api().deploys(service))).not.toContain(key.slice(0, -1));
  });

  it("does not hold a key that no header can carry", async () => {
    pulumi.runtime.setAllConfig({ "render:apiKey": `${key}\n${key}` });
    answer = () => ({ body: [] });
    const error = await shown(api().deploys(service));
    expect(error).toContain(`Render: GET /services/${service}/deploys`);
    expect(error).not.toContain(key);
  });

  it("does not hold a variable's value out of an answer that is no JSON", async () => {
    const value = randomBytes(4).toString("hex");
    answer = () => ({ text: `x${value}` });
    expect(await shown(api().ownVariables(service))).not.toContain(value);
  });
});
