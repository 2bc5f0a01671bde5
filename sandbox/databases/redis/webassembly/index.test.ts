import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { elsewhere, temporaryFolder, until } from "../../../../tests/helpers/databases.ts";
import { ping, using } from "../../../../tests/helpers/redis.ts";
import { startWebAssembly } from "./index.ts";

const folder = temporaryFolder();

it("says which log tells why it does not start", async () => {
  const broken = join(folder, "broken");
  mkdirSync(join(broken, "webassembly"), { recursive: true });
  writeFileSync(join(broken, "webassembly", "dump.rdb"), "REDIS0011 and no more");
  await expect(startWebAssembly({ folder: broken })).rejects.toThrow(
    `Valkey did not start: it ended by itself; its log says more: ${join(broken, "server.log")}`,
  );
});

it("has what Redis 7.2 has and refuses what is newer", async () => {
  const server = await startWebAssembly({ folder: join(folder, "newer") });
  await using(server, async (client) => {
    const ttl = client.sendCommand(["HEXPIRE", "h", "10", "FIELDS", "1", "f"]);
    await expect(ttl).rejects.toThrow("NOPERM User default has no permissions to run the 'hexpire' command");
    expect(await client.sendCommand(["FUNCTION", "STATS"])).toBeDefined();
  });
  await server.close();
});

it("ends and keeps what was there although a script does not end", async () => {
  const home = join(folder, "endless");
  const server = await startWebAssembly({ folder: home });
  await using(server, (client) => client.set("k", "v"));
  const ended = using(server, (client) => client.eval("while true do end", {})).catch(() => "ended");
  // It has begun once a second client gets no answer.
  await until(async () => (await Promise.race([using(server, ping), sleep(200, "busy")])) === "busy");
  await server.close();
  expect(await ended).toBe("ended");
  const again = await startWebAssembly({ folder: home });
  expect(await using(again, (client) => client.get("k"))).toBe("v");
  await again.close();
});

it("writes nothing to the terminal", async () => {
  const options = JSON.stringify({ folder: join(folder, "quiet") });
  const source = `
    const { spawnSync } = await import("node:child_process");
    const inner = "const { startWebAssembly } = await import(" + JSON.stringify(${JSON.stringify(
      new URL("index.ts", import.meta.url).href,
    )}) + "); const server = await startWebAssembly(" + ${JSON.stringify(options)} + "); await server.close();";
    const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", inner]);
    console.log(JSON.stringify({ stdout: String(stdout), stderr: String(stderr), status }));`;
  expect(JSON.parse((await elsewhere(source)).said)).toEqual({ stdout: "", stderr: "", status: 0 });
});
