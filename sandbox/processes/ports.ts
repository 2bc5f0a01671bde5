/** Ports on loopback for servers that must be told theirs. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A server found its port taken. */
export class PortTaken extends Error {
  constructor(port: number) {
    super(`port ${port} on 127.0.0.1 is taken by another program`);
  }
}

/** A port that is free at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts on a given port, or else on a free one: another when somebody was faster. */
export async function onPort<T>(given: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  if (given !== undefined) return start(given);
  for (let tries = 1; ; tries++) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (!(error instanceof PortTaken) || tries === 5) throw error;
    }
  }
}
