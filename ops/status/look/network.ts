/** What the network itself shows, without a word of a protocol. */
import { once } from "node:events";
import net from "node:net";
import { settledWithin } from "./deadline.ts";

/** Whether somebody accepts connections there: a server that hangs is another trouble than none. */
export async function accepts(
  address: { host?: string | undefined; port?: number | undefined } | undefined,
  milliseconds: number,
): Promise<boolean> {
  const { host, port } = address ?? {};
  if (host === undefined || port === undefined) return false;
  const socket = net.connect({ host, port });
  socket.on("error", () => undefined);
  await settledWithin(milliseconds, once(socket, "connect"));
  const connected = !socket.connecting && socket.readyState === "open";
  socket.destroy();
  return connected;
}
