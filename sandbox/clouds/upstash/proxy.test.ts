/** The proxy, with a client of its own: CONNECT through node:http, TLS through node:tls. */
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Faults, faultsOf } from "../../../tests/helpers/faults.ts";
import { type Served, serve } from "../serve.ts";
import { upstashApi } from "./index.ts";
import { UpstashCloud } from "./model.ts";
import { serveUpstashProxy, type UpstashProxy } from "./proxy.ts";

const credentials = { email: "owner@kairos.example", apiKey: "generated-elsewhere" };

describe("the proxy to Upstash", () => {
  let folder: string;
  let faults: Faults;
  let served: Served;
  let proxy: UpstashProxy;
  let certificate: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "kairos-proxy-"));
    served = await serve(upstashApi(new UpstashCloud(), credentials));
    faults = faultsOf(served);
    proxy = await serveUpstashProxy({ target: served.url, folder });
    certificate = await readFile(proxy.certificateFile, "utf8");
  });
  afterEach(async () => {
    await proxy.close();
    await served.close();
    await rm(folder, { recursive: true, force: true });
  });

  const tunnel = (to: string) =>
    new Promise<{ status: number; socket: Socket }>((resolve, reject) => {
      const request = http.request(proxy.url, { method: "CONNECT", path: to });
      request.once("connect", ({ statusCode = 0 }, socket) =>
        resolve({ status: statusCode, socket: socket as Socket }),
      );
      request.once("error", reject);
      request.end();
    });
  /** A request through a tunnel, trusting `ca` and nobody else. */
  const get = async (ca: string, servername = "api.upstash.com") => {
    const { socket } = await tunnel("api.upstash.com:443");
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
      const secured = tls.connect({ socket, ca, servername });
      secured.once("error", reject);
      const request = https.request({
        host: servername,
        path: "/v2/redis/databases",
        auth: `${credentials.email}:${credentials.apiKey}`,
        createConnection: () => secured,
      });
      request.once("response", async (response) => {
        let body = "";
        for await (const chunk of response) body += chunk;
        resolve({ status: response.statusCode ?? 0, body });
      });
      request.once("error", reject);
      request.end();
    });
  };

  it("leads a client that trusts the authority to the stand-in", async () => {
    expect(await get(certificate)).toEqual({ status: 200, body: "[]" });
    expect(served.calls).toMatchObject([{ method: "GET", path: "/v2/redis/databases", status: 200 }]);
    expect(proxy.refused).toEqual([]);
  });

  it("passes on a connection that the stand-in cuts", async () => {
    faults.add({ fault: "reset" });
    await expect(get(certificate)).rejects.toThrow();
    expect((await get(certificate)).status).toBe(200);
  });

  it("is not believed by who trusts another authority, nor as another host", async () => {
    const other = await mkdtemp(path.join(os.tmpdir(), "kairos-proxy-"));
    const stranger = await serveUpstashProxy({ target: served.url, folder: other });
    await expect(get(await readFile(stranger.certificateFile, "utf8"))).rejects.toThrow(/certificate/);
    await expect(get(certificate, "api.example.com")).rejects.toThrow(/altnames/);
    await stranger.close();
    await rm(other, { recursive: true });
    expect(served.calls).toEqual([]);
  });

  it("refuses every other host, and says which", async () => {
    const hosts = [
      "example.com:443",
      "api.upstash.com:80",
      "127.0.0.1:22",
      "api.upstash.com.example.com:443",
    ];
    for (const host of hosts) expect((await tunnel(host)).status).toBe(403);
    expect(proxy.refused).toEqual(hosts);
    expect(served.calls).toEqual([]);
  });

  it("refuses plain requests, also to itself", async () => {
    const plain = (target: string) =>
      new Promise<number>((resolve, reject) => {
        http
          .get(proxy.url, { path: target, headers: { host: "example.com" } }, (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          })
          .once("error", reject);
      });
    expect(await plain("http://example.com/path?query=secret")).toBe(403);
    expect(await plain("http://api.upstash.com/v2/redis/databases")).toBe(403);
    expect(await plain("/")).toBe(403);
    expect(proxy.refused).toEqual(["example.com:80", "api.upstash.com:80", "example.com"]);
  });

  it("leaves a certificate in its folder, no key, and no authority beside it", async () => {
    const { HTTPS_PROXY, HTTP_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR } = proxy.environment();
    expect([HTTPS_PROXY, HTTP_PROXY]).toEqual([proxy.url, proxy.url]);
    expect(NO_PROXY.split(",")).toContain("127.0.0.1");
    expect(await readdir(SSL_CERT_DIR)).toEqual([]);
    expect((await stat(SSL_CERT_FILE)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(
      [path.basename(SSL_CERT_FILE), path.basename(SSL_CERT_DIR)].sort(),
    );
    expect(certificate).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(certificate).not.toContain("PRIVATE");
  });

  it("closes although a tunnel is open", async () => {
    const { socket } = await tunnel("api.upstash.com:443");
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.resume().on("error", () => {});
    await proxy.close();
    await closed;
    await expect(tunnel("api.upstash.com:443")).rejects.toThrow("ECONNREFUSED");
  });
});
