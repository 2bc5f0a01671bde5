import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Faults, faultsOf } from "../../../tests/helpers/faults.ts";
import { type Served, serve } from "../serve.ts";
import { upstashApi } from "./index.ts";
import { UpstashCloud } from "./model.ts";

const credentials = { email: "owner@kairos.example", apiKey: "generated-elsewhere" };
const basic = (email: string, key: string) => `Basic ${Buffer.from(`${email}:${key}`).toString("base64")}`;

// As the provider sends it.
const wanted = {
  region: "global",
  database_name: "kairos-redis",
  tls: false,
  consistent: true,
  multizone: true,
  eviction: false,
  auto_upgrade: false,
  prod_pack_enabled: false,
  budget: 20,
  primary_region: "eu-central-1",
};

describe("Upstash's developer API", () => {
  let cloud: UpstashCloud;
  let faults: Faults;
  let served: Served;
  beforeEach(async () => {
    cloud = new UpstashCloud();
    served = await serve(upstashApi(cloud, credentials));
    faults = faultsOf(served);
  });
  afterEach(() => served.close());

  const call = async (
    method: string,
    path: string,
    body: unknown = null,
    authorization: string | undefined = basic(credentials.email, credentials.apiKey),
  ) => {
    const response = await fetch(`${served.url}/v2/redis${path}`, {
      method,
      headers: { "content-type": "application/json", ...(authorization && { authorization }) },
      ...(method !== "GET" && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  };
  const created = async () => {
    const { body } = await call("POST", "/database", wanted);
    return (body as { database_id: string }).database_id;
  };

  it("lets nobody in without the right e-mail address and key", async () => {
    const id = await created();
    for (const [email, key] of [
      [credentials.email, "wrong"],
      ["somebody@kairos.example", credentials.apiKey],
      ["", ""],
    ] as const)
      expect(await call("GET", `/database/${id}`, null, basic(email, key))).toEqual({
        status: 401,
        body: "Unauthorized",
      });
    for (const header of ["", "Bearer generated-elsewhere", "Basic !"])
      expect((await call("DELETE", `/database/${id}`, null, header)).status).toBe(401);
    expect(cloud.list()).toHaveLength(1);
  });

  it("creates a database, with TLS whatever was asked, and shows it the same way each time", async () => {
    const { status, body } = await call("POST", "/database", wanted);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      database_name: "kairos-redis",
      region: "global",
      primary_region: "eu-central-1",
      read_regions: [],
      allowed_ip_ranges: [],
      tls: true,
      consistent: false,
      multizone: false,
      budget: 20,
      state: "active",
      user_email: credentials.email,
    });
    const { database_id } = body as { database_id: string };
    expect(database_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await call("GET", `/database/${database_id}`)).toEqual({ status: 200, body });
    expect(await call("GET", "/databases")).toEqual({ status: 200, body: [body] });
  });

  it("changes what the provider changes, one call each", async () => {
    const id = await created();
    const calls: [string, string, unknown, object][] = [
      ["POST", "update-regions", { read_regions: ["us-east-1"] }, { read_regions: ["us-east-1"] }],
      ["POST", "update-regions", { read_regions: null }, { read_regions: [] }],
      ["POST", "enable-tls", null, { tls: true }],
      ["POST", "enable-eviction", null, { eviction: true }],
      ["POST", "disable-eviction", null, { eviction: false }],
      ["POST", "enable-autoupgrade", null, { auto_upgrade: true }],
      ["POST", "disable-autoupgrade", null, { auto_upgrade: false }],
      ["POST", "enable-prodpack", null, { prod_pack_enabled: true }],
      ["POST", "disable-prodpack", null, { prod_pack_enabled: false }],
      ["PATCH", "update-budget", { budget: 30 }, { budget: 30 }],
      ["POST", "update-allowlist", { allowed_ips: ["10.0.0.0/8"] }, { allowed_ip_ranges: ["10.0.0.0/8"] }],
      ["POST", "update-allowlist", { allowed_ips: null }, { allowed_ip_ranges: [] }],
    ];
    for (const [method, path, body, result] of calls) {
      // Anything but 200, 201 and 202 is an error for the provider.
      expect((await call(method, `/${path}/${id}`, body)).status, path).toBe(200);
      expect(cloud.get(id)).toMatchObject(result);
      expect((await call(method, `/${path}/missing`, body)).status, path).toBe(404);
    }
  });

  it("refuses with a bare string, and changes nothing", async () => {
    const id = await created();
    const before = cloud.list();
    const refusals: [string, string, unknown, number, string][] = [
      ["POST", "/database", { ...wanted, region: "eu-west-1" }, 400, "regional db creation is deprecated"],
      ["POST", "/database", { ...wanted, primary_region: "mars-1" }, 400, "primary region"],
      ["POST", "/database", wanted, 400, "already exists"],
      ["POST", "/database", { ...wanted, budget: "20" }, 400, "invalid request body"],
      ["POST", "/database", "{", 400, "invalid request body"],
      ["POST", `/update-regions/${id}`, { read_regions: ["eu-central-1"] }, 400, "read region"],
      ["POST", `/disable-autoupgrade/${id}`, null, 400, "already disabled"],
      ["PATCH", `/update-budget/${id}`, { budget: -1 }, 400, "budget"],
      ["POST", `/update-allowlist/${id}`, { allowed_ips: ["10.0.0.0/33"] }, 400, "10.0.0.0/33"],
      ["GET", "/database/missing", null, 404, "not found"],
      ["DELETE", "/database/missing", null, 404, "not found"],
      ["POST", "/unknown/call", null, 404, "no such call"],
    ];
    for (const [method, path, body, status, text] of refusals) {
      const answer = await call(method, path, body);
      expect(answer, path).toEqual({ status, body: expect.stringContaining(text) });
    }
    expect(cloud.list()).toEqual(before);
  });

  it("deletes once, with a body in the answer", async () => {
    const id = await created();
    expect(await call("DELETE", `/database/${id}`)).toEqual({ status: 200, body: "OK" });
    expect((await call("DELETE", `/database/${id}`)).status).toBe(404);
    expect(cloud.list()).toEqual([]);
  });

  it("takes effect although its answer is lost, and logs no secret", async () => {
    faults.add({ fault: "lost answer", method: "POST" });
    await expect(call("POST", "/database", wanted)).rejects.toThrow();
    expect(cloud.list()).toHaveLength(1);
    const [database] = cloud.list();
    expect(JSON.stringify(served.calls)).not.toContain(database?.password);
    expect(JSON.stringify(served.calls)).not.toContain(credentials.apiKey);
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
