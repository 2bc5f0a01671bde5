import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alive, elsewhere, localTls, temporaryFolder, until } from "../../../tests/helpers/databases.ts";
import { kinds, newPassword, ping, raw, using } from "../../../tests/helpers/redis.ts";
import { createAuthority } from "../../clouds/certificates.ts";
import type { RedisServer } from "./index.ts";
import { findRedis } from "./real.ts";

const folder = temporaryFolder();
const password = newPassword();

describe.each(kinds)("$name", ({ short, start, elsewhere: call }) => {
  const home = (name: string) => join(folder, `${short}-${name}`);
  let server: RedisServer;
  let open: RedisServer;
  beforeAll(async () => {
    const maxmemory = 25 * 1024 * 1024;
    server = await start({ folder: home("one"), password, maxmemory, maxmemoryPolicy: "allkeys-lru" });
    open = await start({ folder: home("open") });
  });
  afterAll(async () => {
    await Promise.all([server.close(), open.close()]);
  });

  it("says what it is", async () => {
    expect(server.real).toBe(true);
    expect(server.software).toMatch(
      short === "webassembly" ? /^Valkey \d\S+ \(WebAssembly\)$/ : /^(Redis|Valkey) \d\S+$/,
    );
    const info = await using(server, (client) => client.info(), { password });
    expect(info).toMatch(/^(redis|server)_mode:standalone\r$/m);
    expect(info).toContain("maxmemory_policy:allkeys-lru");
    expect(info).toContain("maxmemory:26214400");
  });

  it.each([2, 3] as const)("lets in who has the password, and nobody else (RESP%i)", async (RESP) => {
    expect(await using(server, ping, { RESP, password })).toBe("PONG");
    expect(await using(server, ping, { RESP, username: "default", password })).toBe("PONG");
    const wrong = "WRONGPASS invalid username-password pair or user is disabled.";
    await expect(using(server, ping, { RESP, password: newPassword() })).rejects.toThrow(wrong);
    await expect(using(server, ping, { RESP, username: "other", password })).rejects.toThrow(wrong);
    await expect(using(server, ping, { RESP })).rejects.toThrow(/NOAUTH/);
  });

  it("lets everybody in where there is no password, as on Render's private network", async () => {
    expect(await using(open, ping, {})).toBe("PONG");
    const auth = using(open, (client) => client.sendCommand(["AUTH", "x"]), {});
    await expect(auth).rejects.toThrow(/^ERR AUTH <password> called without any password configured/);
  });

  it("takes another password and policy while it runs; who is in stays in", async () => {
    const next = newPassword();
    await using(
      server,
      async (client) => {
        await server.configure({ password: next, maxmemoryPolicy: "noeviction" });
        expect(await client.ping()).toBe("PONG");
        expect({ ...(await client.configGet("maxmemory-policy")) }).toEqual({
          "maxmemory-policy": "noeviction",
        });
      },
      { password },
    );
    await expect(using(server, ping, { password })).rejects.toThrow(/WRONGPASS/);
    expect(await using(server, ping, { password: next })).toBe("PONG");
    await server.configure({ password });
  });

  it("encrypts, and does nothing else on that port", async () => {
    const { tls, ca } = await localTls(folder);
    const encrypted = await start({ folder: home("tls"), password, tls });
    const socket = { tls: true as const, ca };
    expect(await using(encrypted, ping, { password, socket })).toBe("PONG");
    await encrypted.configure({ maxmemoryPolicy: "allkeys-lfu" });
    const policy = using(encrypted, (client) => client.configGet("maxmemory-policy"), { password, socket });
    expect({ ...(await policy) }).toEqual({ "maxmemory-policy": "allkeys-lfu" });
    const stranger = (await createAuthority()).certificate;
    const distrusted = using(encrypted, ping, { password, socket: { tls: true, ca: stranger } });
    await expect(distrusted).rejects.toThrow(/certificate|signature/);
    await expect(using(encrypted, ping, { password })).rejects.toThrow();
    expect(await raw(encrypted.port, "PING\r\n")).not.toContain("PONG");
    const silent = connect(encrypted.port, "127.0.0.1");
    await once(silent, "connect");
    const before = performance.now();
    await encrypted.close();
    expect(performance.now() - before).toBeLessThan(30_000);
    silent.destroy();
  });

  it("keeps data, their time and its port over a restart, and no password in clear", async () => {
    const first = await start({ folder: home("kept"), password });
    await using(
      first,
      async (client) => {
        await client.set("é", "⏳", { expiration: { type: "EX", value: 100 } });
        await client.zAdd("z", { score: 1.5, value: "m" });
        await client.select(3);
        await client.hSet("h", "f", "v");
        await client.rPush("l", ["a", "b"]);
        await client.sAdd("s", "m");
        await client.xAdd("x", "1-1", { f: "v" });
        await client.xGroupCreate("x", "readers", "0");
        await client.xReadGroup("readers", "one", { key: "x", id: ">" });
        await client.geoAdd("g", { longitude: 2.35, latitude: 48.85, member: "Paris" });
        await client.pfAdd("p", ["a", "b"]);
        await client.setBit("b", 7, 1);
        await client.functionLoad("#!lua name=kept\nredis.register_function('f', function() return 'f' end)");
      },
      { password },
    );
    await first.close();
    await expect(using(first, ping, {})).rejects.toThrow("ECONNREFUSED");
    const files = readdirSync(home("kept"), { recursive: true, encoding: "utf8" });
    const contents = files.map((name) => join(home("kept"), name)).filter((path) => statSync(path).isFile());
    expect(contents.length).toBeGreaterThan(0);
    for (const path of contents) expect(readFileSync(path, "latin1"), path).not.toContain(password);
    const second = await start({ folder: home("kept"), password, port: first.port });
    expect(second.port).toBe(first.port);
    await using(
      second,
      async (client) => {
        expect(await client.get("é")).toBe("⏳");
        expect(await client.ttl("é")).toBeGreaterThan(90);
        expect(await client.zScore("z", "m")).toBe(1.5);
        await client.select(3);
        expect(await client.hGet("h", "f")).toBe("v");
        expect(await client.lRange("l", 0, -1)).toEqual(["a", "b"]);
        expect(await client.sMembers("s")).toEqual(["m"]);
        expect(await client.xRange("x", "-", "+")).toEqual([{ id: "1-1", message: { f: "v" } }]);
        expect(await client.xPending("x", "readers")).toMatchObject({ pending: 1, firstId: "1-1" });
        expect(await client.geoSearch("g", "Paris", { radius: 1, unit: "km" })).toEqual(["Paris"]);
        expect(await client.pfCount("p")).toBe(2);
        expect(await client.getBit("b", 7)).toBe(1);
        expect(await client.sendCommand(["FCALL", "f", "0"])).toBe("f");
      },
      { password },
    );
    await second.close();
  });

  it("refuses a port that is taken", async () => {
    const taken = start({ folder: home("taken"), port: server.port });
    await expect(taken).rejects.toThrow(`port ${server.port} on 127.0.0.1 is taken`);
  });

  it("ends with the process that started it, and loses little", async () => {
    const options = { folder: home("parent") };
    const [file, expression] = call(options);
    const parent = await elsewhere(`console.log((await (await load('${file}')).${expression}).port)`);
    const port = Number(parent.said);
    // Short enough not to be compressed.
    const value = randomBytes(8).toString("hex");
    await using({ port }, (client) => client.set("k", value), {});
    const pidFile = join(options.folder, "server.pid");
    const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : undefined;
    // What is not in the folder yet is the little that it may lose: that takes a moment, and not until it is closed.
    await until(() => textIn(options.folder).includes(value));
    parent.kill();
    await until(() =>
      using({ port }, ping, {}).then(
        () => false,
        () => true,
      ),
    );
    if (pid !== undefined) await until(() => !alive(pid));
    const second = await start({ ...options, port });
    expect(await using(second, (client) => client.get("k"), {})).toBe(value);
    await second.close();
  });
});

/** All that is in the files of a folder; one that goes while it is read is left out. */
function textIn(folder: string): string {
  const text = (file: string) => {
    try {
      return readFileSync(file, "latin1");
    } catch {
      return "";
    }
  };
  return (
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      // Half a file may go with the process.
      .filter((name) => !name.includes("temp-"))
      .map((name) => text(join(folder, name)))
      .join()
  );
}

it("finds nothing where nothing is", async () => {
  expect(findRedis(folder)).toBeUndefined();
});
