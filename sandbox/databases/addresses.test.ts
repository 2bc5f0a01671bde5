import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Addresses } from "./addresses.ts";

describe("addresses", () => {
  const open: Addresses[] = [];
  const folders: string[] = [];
  const addresses = async (file?: string) => {
    const one = await Addresses.open(file);
    open.push(one);
    return one;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });

  it("give each key a port of its own, the same each time", async () => {
    const one = await addresses();
    const ports = ["a", "b", "c"].map((key) => one.of(key));
    expect(new Set(ports).size).toBe(3);
    expect(["a", "b", "c"].map((key) => one.of(key))).toEqual(ports);
  });

  it("hold a port against others until its database starts", async () => {
    const one = await addresses();
    const port = one.of("a");
    const taken = createServer().listen(port, "127.0.0.1");
    const [error] = await once(taken, "error");
    expect((error as NodeJS.ErrnoException).code).toBe("EADDRINUSE");
    expect(await one.release("a")).toBe(port);
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.destroy();
    server.close();
  });

  it("go on being free after many were given away", async () => {
    const one = await addresses();
    const ports = new Set<number>();
    for (let n = 0; n < 30; n++) {
      ports.add(one.of(`key ${n}`));
      await one.release(`key ${n}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(ports.size).toBe(30);
  });

  it("are the same after a restart, but for what is gone", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-addresses-"));
    folders.push(folder);
    const file = path.join(folder, "ports.json");
    const first = await addresses(file);
    const ports = [first.of("kept"), first.of("gone")];
    first.forget("gone");
    await first.close();
    const second = await addresses(file);
    expect(second.of("kept")).toBe(ports[0]);
    expect(await second.release("kept")).toBe(ports[0]);
  });
});
