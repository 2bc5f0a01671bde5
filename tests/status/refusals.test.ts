/** What only a vendor's proxy says before a Redis, as the driver hands it on. */
import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import { afterAll, expect, it } from "vitest";
import { lookAtRedis } from "../../ops/status/look/redis/index.ts";
import { verdictOn } from "../../ops/status/verdict/index.ts";
import { canary, leaks } from "../canaries.ts";

const servers: net.Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** Answers whatever it is asked with one refusal. */
async function refusing(words: string): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined).on("data", () => socket.write(`-${words}\r\n`));
  });
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

it.each([
  ["AUTH failed: Client IP address is not in the allowlist.", "address-refused"],
  ["ERR max concurrent connections exceeded", "too-many-connections"],
  ["ERR max number of clients reached", "too-many-connections"],
  ["ERR DB capacity quota exceeded. Threshold: 268435456 bytes, Usage: 274604636 bytes.", "storage-full"],
  ["ERR max requests limit exceeded. Limit: 500000, Usage: 500000.", "quota-used-up"],
  ["WRONGPASS invalid or missing auth token", "login-refused"],
])("%s: %s", async (words, kind) => {
  const secret = canary();
  const url = `redis://default:${encodeURIComponent(secret)}@127.0.0.1:${await refusing(words)}`;
  const status = verdictOn("redis", await lookAtRedis({ url }, { timeout: 20_000 }));
  expect(status).toMatchObject({ state: "failed", problem: { kind, stage: "connecting" } });
  expect(leaks(JSON.stringify(status), [secret])).toEqual([]);
});
