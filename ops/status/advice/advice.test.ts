import { describe, expect, it } from "vitest";
import { causesOf, type ProbeTarget, vendorOf } from "./causes.ts";

const at = (host: string, more: Partial<ProbeTarget> = {}): ProbeTarget => ({
  database: "mongodb",
  host,
  tls: true,
  ...more,
});

describe("the likely causes", () => {
  it.each([
    ["cluster0-shard-00-01.abcde.mongodb.net", "atlas"],
    ["dpg-c0ffee-a", "render-private"],
    ["red-c0ffee", "render-private"],
    ["dpg-c0ffee-a.oregon-postgres.render.com", "render"],
    ["eu1-cat-123.upstash.io", "upstash"],
    ["redis-123.c1.eu-west-1-3.ec2.redns.redis-cloud.com", "redis-cloud"],
    ["mongodb.net.example.org", "other"],
  ])("%s is at %s", (host, vendor) => expect(vendorOf(host)).toBe(vendor));

  it("begin at Atlas with the access list, also where it looks like TLS", () => {
    const atlas = at("c.abcde.mongodb.net");
    expect(causesOf("timeout", "", atlas).slice(0, 2)).toEqual(["access-list", "paused-cluster"]);
    expect(causesOf("tls-failed", "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR", atlas)[0]).toBe("access-list");
    expect(causesOf("tls-failed", "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR", at("h"))[0]).toBe("intercepted");
    expect(causesOf("login-refused", "8000", atlas)[0]).toBe("wrong-password");
  });

  it("begin for Render's private names with the private network, outside with access control", () => {
    expect(causesOf("host-not-found", "ENOTFOUND", at("dpg-1-a", { database: "postgres" }))[0]).toBe(
      "private-network",
    );
    const outside = at("dpg-1-a.oregon-postgres.render.com", { database: "postgres" });
    expect(causesOf("connection-closed", "ECONNRESET", outside)).toEqual([
      "render-access-control",
      "suspended-service",
      "server-down",
      "intercepted",
    ]);
  });

  it("tell a server that hangs from one that nothing reaches", () => {
    expect(causesOf("timeout", "", at("h", { accepted: true }))[0]).toBe("server-hangs");
    expect(causesOf("timeout", "", at("h", { accepted: false }))[0]).toBe("firewall");
  });
});
