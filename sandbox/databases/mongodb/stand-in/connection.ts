/** One client's connection. */
import type { Socket } from "node:net";
import { Int32, ObjectId } from "bson";
import type { ClientState, ServerState } from "./call.ts";
import { answer } from "./dispatch.ts";
import { numeric, toNumber } from "./values.ts";
import { encodeReply, Framing, parseMessage, type Request } from "./wire.ts";

/** Serves the connection until it ends. What is no message of MongoDB's ends it, without an answer. */
export function serve(socket: Socket, server: ServerState, id: number): void {
  const client: ClientState = {
    id,
    remote: `${socket.remoteAddress}:${socket.remotePort}`,
    account: undefined,
    conversation: undefined,
  };
  const framing = new Framing();
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      guarded(act);
    }, ms);
    timers.add(timer);
  };
  server.connections++;
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.once("close", () => {
    server.connections--;
    for (const timer of timers) clearTimeout(timer);
  });
  socket.on("data", (chunk: Buffer) =>
    guarded(() => {
      for (const message of framing.push(chunk)) handle(parseMessage(message));
    }),
  );

  function guarded(act: () => void): void {
    try {
      act();
    } catch {
      socket.destroy();
    }
  }

  function handle(request: Request): void {
    const wait = awaitTime(request, server);
    if (wait !== undefined) awaitChange(request, wait);
    else {
      const reply = answer(server, client, request);
      if (!request.silent) socket.write(encodeReply(request, reply));
    }
  }

  /** Nothing ever changes in a set of one: the client hears so each time that its patience ends. */
  function awaitChange(request: Request, wait: number): void {
    later(wait, () => {
      const reply = answer(server, client, request);
      socket.write(encodeReply(request, reply, request.exhaustAllowed));
      if (request.exhaustAllowed) awaitChange(request, wait);
    });
  }
}

/**
 * How long a driver's monitor wants to wait for news, in milliseconds, if there are none for it.
 * @see https://github.com/mongodb/specifications/blob/master/source/server-discovery-and-monitoring/server-monitoring.md
 */
function awaitTime({ body }: Request, { topologyVersion }: ServerState): number | undefined {
  const [name = ""] = Object.keys(body);
  const { topologyVersion: known, maxAwaitTimeMS } = body;
  if (!["hello", "isMaster", "ismaster"].includes(name) || known?.processId === undefined) return undefined;
  const isCurrent =
    known.processId instanceof ObjectId &&
    known.processId.equals(topologyVersion.processId as ObjectId) &&
    numeric(known.counter ?? new Int32(0)) === numeric(topologyVersion.counter);
  const time = isCurrent ? toNumber(maxAwaitTimeMS) : undefined;
  if (time === undefined) return undefined;
  // Drivers ask for ten seconds. A timer takes a time without an end for none.
  return Number.isNaN(time) ? shortestWait : Math.min(Math.max(time, shortestWait), longestWait);
}

/** In milliseconds. */
const shortestWait = 10;
const longestWait = 60_000;
