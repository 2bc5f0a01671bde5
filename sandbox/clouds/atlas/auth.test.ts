import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { client, digest, send } from "../../../tests/helpers/atlas.ts";
import { type Served, serve } from "../serve.ts";
import { AtlasCloud, atlasApi, generateCredentials } from "./index.ts";

const credentials = generateCredentials();
let served: Served;
beforeAll(async () => {
  served = await serve(atlasApi(new AtlasCloud(), credentials));
});
afterAll(() => served.close());

const refused = { error: 401, detail: "You are not authorized for this resource.", reason: "Unauthorized" };

describe("API keys", () => {
  it("challenge every call, and answer the right digest", async () => {
    const bare = await send(served.url, "GET", "/groups");
    expect(bare.status).toBe(401);
    expect(bare.headers.get("www-authenticate")).toMatch(
      /^Digest realm="MMS Public API", domain="", nonce="[0-9a-f]+", algorithm=MD5, qop="auth", stale=false$/,
    );
    expect((await client(served.url, credentials)("GET", "/groups")).status).toBe(200);
  });

  it("take the query into the digest", async () => {
    const { body } = await client(served.url, credentials)("GET", "/groups?includeCount=true&pageNum=1");
    expect(body).toEqual({ links: [], results: [], totalCount: 0 });
  });

  it.each([
    ["private key", { ...credentials, privateKey: "another" }],
    ["public key", { ...credentials, publicKey: "another" }],
  ])("refuse a wrong %s", async (_, wrong) => {
    const { status, body } = await client(served.url, wrong)("GET", "/groups");
    expect(status).toBe(401);
    expect(body).toMatchObject(refused);
  });

  it("refuse an answer that was given before, or for another call", async () => {
    const challenged = async () => (await send(served.url, "GET", "/groups")).headers;
    const authorization = digest(credentials, await challenged(), "GET", "/groups");
    const status = async (method: string, answer: string) =>
      (await send(served.url, method, "/groups", undefined, { authorization: answer })).status;
    expect(await status("GET", authorization)).toBe(200);
    expect(await status("GET", authorization)).toBe(401);
    expect(await status("POST", digest(credentials, await challenged(), "GET", "/groups"))).toBe(401);
    expect(await status("GET", digest(credentials, await challenged(), "GET", "/groups?a=b"))).toBe(401);
  });
});

describe("a service account", () => {
  const oauth = (path: string, form: Record<string, string>, secret = credentials.clientSecret) =>
    fetch(`${served.url}/api/oauth/${path}`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${credentials.clientId}:${secret}`)}` },
      body: new URLSearchParams(form),
    });
  const grant = { grant_type: "client_credentials" };

  it("fetches a token, uses it, and revokes it", async () => {
    const response = await oauth("token", grant);
    const { access_token: token, ...rest } = (await response.json()) as Record<string, unknown>;
    expect(rest).toEqual({ token_type: "Bearer", expires_in: 3600 });
    const authorization = `Bearer ${token}`;
    expect((await send(served.url, "GET", "/groups", undefined, { authorization })).status).toBe(200);
    expect((await oauth("revoke", { token: String(token) })).status).toBe(200);
    expect((await send(served.url, "GET", "/groups", undefined, { authorization })).status).toBe(401);
  });

  it("is refused with a wrong secret, another grant, or a token of its own making", async () => {
    expect((await oauth("token", grant, "wrong")).status).toBe(401);
    expect((await oauth("token", { grant_type: "password" })).status).toBe(400);
    const { body } = await send(served.url, "GET", "/groups", undefined, { authorization: "Bearer made-up" });
    expect(body).toMatchObject(refused);
  });
});

describe("the API", () => {
  it("answers in the version that was asked for, and refuses to guess one", async () => {
    const call = client(served.url, credentials);
    const accept = "application/vnd.atlas.2023-01-01+json";
    expect((await call("GET", "/groups", undefined, { accept })).headers.get("content-type")).toBe(accept);
    const { status, body } = await call("GET", "/groups", undefined, { accept: "application/json" });
    expect([status, body.errorCode]).toEqual([406, "INVALID_VERSION_DATE"]);
  });

  it("refuses what is no JSON, and paths that do not exist", async () => {
    const call = client(served.url, credentials);
    expect((await call("POST", "/groups", "{")).body.errorCode).toBe("MALFORMED_JSON");
    expect((await call("GET", "/nowhere")).body).toMatchObject({
      error: 404,
      errorCode: "RESOURCE_NOT_FOUND",
    });
  });

  it("logs no key, no token, no query", async () => {
    const log = JSON.stringify(served.calls);
    for (const secret of [...Object.values(credentials), "includeCount"]) expect(log).not.toContain(secret);
  });
});
