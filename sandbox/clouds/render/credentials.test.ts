import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createPostgres, RenderCloud, renderApi } from "./index.ts";
import type { Postgres } from "./model.ts";

const apiKey = `rnd_${randomBytes(12).toString("hex")}`;

function render(sessions?: (one: Postgres, user: string) => Promise<number>) {
  const cloud = new RenderCloud({ ownerId: "tea-test", ...(sessions && { sessions }) });
  const api = renderApi(cloud, apiKey);
  const { id } = createPostgres(cloud, {
    name: "kairos-postgres",
    plan: "basic_1gb",
    region: "oregon",
    version: "18",
    databaseUser: "kairos",
  });
  const call = async (method: string, path = "", body?: object) => {
    const response = await api.request(`/v1/postgres/${id}${path}`, {
      method,
      headers: { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text), text };
  };
  return { cloud, call };
}

describe("credentials of a Postgres", () => {
  it("begin with one default user", async () => {
    const { call } = render();
    expect((await call("GET", "/credentials")).body).toEqual([
      { username: "kairos", default: true, createdAt: expect.any(String), openConnections: 0 },
    ]);
  });

  it("make each new user the default one, which alone is shown with its password", async () => {
    const { call } = render();
    const { password: before } = (await call("GET", "/connection-info")).body;
    expect((await call("POST", "/credentials", { username: "kairos_2" })).status).toBe(202);
    const info = (await call("GET", "/connection-info")).body;
    expect(new URL(info.internalConnectionString)).toMatchObject({
      username: "kairos_2",
      password: info.password,
    });
    expect(info.password).not.toBe(before);
    const listed = await call("GET", "/credentials");
    expect(listed.body).toMatchObject([
      { username: "kairos", default: false },
      { username: "kairos_2", default: true },
    ]);
    // The database itself shows the new user, which is what surprises its provider; and nothing shows the old password.
    const shown = await call("GET");
    expect(shown.body.databaseUser).toBe("kairos_2");
    for (const text of [shown.text, listed.text]) expect(text).not.toContain(before);
  });

  it("count the connections of each user", async () => {
    const { call } = render(async (_, user) => (user === "kairos" ? 3 : 0));
    expect((await call("GET", "/credentials")).body).toMatchObject([{ openConnections: 3 }]);
  });

  it("delete a user that is not the default one", async () => {
    const { call } = render();
    await call("POST", "/credentials", { username: "kairos_2" });
    expect((await call("DELETE", "/credentials/kairos")).status).toBe(200);
    expect((await call("GET", "/credentials")).body).toMatchObject([{ username: "kairos_2" }]);
  });

  it.each([
    ["POST", "/credentials", { username: "kairos" }, 409],
    ["POST", "/credentials", { username: "no name" }, 400],
    ["POST", "/credentials", {}, 400],
    ["DELETE", "/credentials/kairos", undefined, 400],
    ["DELETE", "/credentials/nobody", undefined, 404],
  ] as const)("refuse %s %s %j with %i", async (method, path, body, status) => {
    const { call } = render();
    const answer = await call(method, path, body);
    expect([answer.status, answer.body.message]).toEqual([status, expect.any(String)]);
  });
});
