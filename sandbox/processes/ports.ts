/** Ports on loopback: free ones, and whether somebody listens. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";

/** A server found its port taken. */
export class PortTaken extends Error {
  constructor(port: number) {
    super(`port ${port} on 127.0.0.1 is taken by another program`);
  }
}

/** Holds a port of 127.0.0.1, which nobody else gets as long as it does. @param wish a free one by default */
export async function holdPort(wish = 0): Promise<{ port: number; letGo(): Promise<void> }> {
  const server: Server = createServer((socket) => socket.destroy()).listen(wish, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const letGo = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { port, letGo };
}

/** A port that is free at this moment. @throws when the one that was wished for is not */
export async function freePort(wish?: number): Promise<number> {
  const { port, letGo } = await holdPort(wish);
  await letGo();
  return port;
}

export const isFree = (port: number) =>
  freePort(port).then(
    () => true,
    () => false,
  );

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

/** Whether somebody accepts connections there. */
export const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(1000, () => answer(false));
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
