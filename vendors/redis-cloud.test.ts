import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { redisCloud } from "../infra/accounts.ts";

const [apiKey, secretKey] = [randomBytes(12).toString("hex"), randomBytes(12).toString("hex")];
let server: Server;
let status: number;
let body: string;
let asked: { url: string | undefined; keys: unknown[] }[];

beforeEach(async () => {
  asked = [];
  status = 200;
  server = createServer(({ url, headers }, response) => {
    asked.push({ url, keys: [headers["x-api-key"], headers["x-api-secret-key"]] });
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("REDISCLOUD_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  vi.stubEnv("REDISCLOUD_ACCESS_KEY", apiKey);
  vi.stubEnv("SSL_CERT_FILE", "");
  // What goes to loopback is not for the proxy, whether NO_PROXY says so or not: as Go has it.
  vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:1");
  pulumi.runtime.setAllConfig({ "rediscloud:secretKey": secretKey });
});
afterEach(() => {
  vi.unstubAllEnvs();
  pulumi.runtime.setAllConfig({});
  server.close();
});

describe("Redis Cloud's lists", () => {
  it("come with the keys of the stack file and of the environment", async () => {
    body = JSON.stringify({
      subscriptions: [{ id: 7, name: "a", planId: 1, creationDate: "2026-01-01T00:00:00Z" }],
    });
    expect(await redisCloud({ pause: 1 }).subscriptions()).toEqual([
      { id: 7, name: "a", planId: 1, creationDate: "2026-01-01T00:00:00Z" },
    ]);
    body = JSON.stringify({ subscription: { databases: [{ databaseId: 8, name: "b" }] } });
    expect(await redisCloud().databases("7")).toEqual([{ databaseId: 8, name: "b" }]);
    expect(asked).toEqual([
      { url: "/v1/fixed/subscriptions", keys: [apiKey, secretKey] },
      { url: "/v1/fixed/subscriptions/7/databases", keys: [apiKey, secretKey] },
    ]);
  });

  it("fail with one line and without a key", async () => {
    status = 403;
    body = JSON.stringify({ message: `${apiKey} may not` });
    const failed = await redisCloud({ pause: 1 })
      .subscriptions()
      .catch(({ message, stack }: Error) => `${message}\n${stack}`);
    expect(failed).toContain(
      "Redis Cloud: GET /fixed/subscriptions answered 403 ([secret] may not); expected 2xx: the key is wrong",
    );
    server.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.once("close", resolve)).catch(() => undefined);
    const refused = await redisCloud({ pause: 1 })
      .subscriptions()
      .catch(({ message, stack }: Error) => `${message}\n${stack}`);
    expect(refused).toContain("got no answer (ECONNREFUSED)");
    for (const text of [failed, refused]) expect(text).not.toMatch(new RegExp(`${apiKey}|${secretKey}`));
  });
});
