/** Servers for the backend's tests: just enough of each protocol to let a driver in, or to refuse it in the vendor's way. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type Document, deserialize, serialize } from "bson";

export interface TestServer {
  port: number;
  /** What clients asked for, in order. */
  asked: string[];
  close(): Promise<void>;
}

async function listening(onSocket: (socket: Socket) => void, asked: string[], port = 0): Promise<TestServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
  return { port: (server.address() as AddressInfo).port, asked, close };
}

/** Accepts connections and says nothing. */
export const silent = () => listening(() => undefined, []);

/** A refusal by a command's name: what MongoDB answers instead. */
export type Refusals = Readonly<Record<string, { code: number; codeName: string; errmsg: string }>>;

/** MongoDB's wire protocol without logins: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
export function mongodb(refusals: Refusals = {}, port = 0): Promise<TestServer> {
  const asked: string[] = [];
  const answer = (command: Document): Document => {
    const name = Object.keys(command)[0] ?? "";
    asked.push(name);
    const refusal = refusals[name];
    if (refusal !== undefined) return { ok: 0, ...refusal };
    if (/^(hello|ismaster)$/i.test(name))
      return {
        ok: 1,
        helloOk: true,
        isWritablePrimary: true,
        ismaster: true,
        maxBsonObjectSize: 16_777_216,
        maxMessageSizeBytes: 48_000_000,
        maxWriteBatchSize: 100_000,
        minWireVersion: 0,
        maxWireVersion: 25,
        logicalSessionTimeoutMinutes: 30,
        saslSupportedMechs: ["SCRAM-SHA-256"],
      };
    if (name === "buildInfo") return { ok: 1, version: "8.0.0" };
    return { ok: 1 };
  };
  return listening(
    (socket) => {
      let rest = Buffer.alloc(0);
      socket.on("data", (data) => {
        rest = Buffer.concat([rest, data as Buffer]);
        while (rest.length >= 16 && rest.length >= rest.readInt32LE(0)) {
          const message = rest.subarray(0, rest.readInt32LE(0));
          rest = rest.subarray(message.length);
          socket.write(replyTo(message, answer));
        }
      });
    },
    asked,
    port,
  );
}

const opReply = 1;
const opQuery = 2004;
const opMsg = 2013;

function replyTo(message: Buffer, answer: (command: Document) => Document): Buffer {
  const [requestId, opcode] = [message.readInt32LE(4), message.readInt32LE(12)];
  if (opcode === opQuery) {
    // Flags, the collection's name, skip, limit, then the document.
    const document = message.indexOf(0, 20) + 1 + 8;
    const body = Buffer.alloc(20);
    body.writeInt32LE(1, 16);
    return framed(
      requestId,
      opReply,
      Buffer.concat([body, serialize(answer(deserialize(message.subarray(document))))]),
    );
  }
  // Flags, one section of kind 0.
  const command = deserialize(message.subarray(21, 21 + message.readInt32LE(21)));
  return framed(requestId, opMsg, Buffer.concat([Buffer.alloc(5), serialize(answer(command))]));
}

function framed(responseTo: number, opcode: number, body: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + body.length, 0);
  header.writeInt32LE(responseTo, 8);
  header.writeInt32LE(opcode, 12);
  return Buffer.concat([header, body]);
}

/** Redis' protocol. @param password what AUTH and HELLO have to bring; none is asked for without it */
export function redis(password?: string): Promise<TestServer> {
  const asked: string[] = [];
  return listening((socket) => {
    let rest = "";
    let known = password === undefined;
    const reply = ([name = "", ...args]: string[]): string => {
      asked.push(name);
      if (name === "AUTH" || (name === "HELLO" && args.includes("AUTH")))
        known ||= args.includes(String(password));
      if (!known && (name === "AUTH" || args.includes("AUTH")))
        return "-WRONGPASS invalid username-password pair or user is disabled.";
      if (!known) return "-NOAUTH Authentication required.";
      if (name === "HELLO") return "%2\r\n$6\r\nserver\r\n$5\r\nredis\r\n$5\r\nproto\r\n:3";
      if (name === "PING") return "+PONG";
      if (name === "INFO") return bulk("# Server\r\nredis_version:8.2.1\r\n");
      return "+OK";
    };
    socket.setEncoding("utf8").on("data", (text) => {
      rest += text;
      for (;;) {
        const parsed = /^\*(\d+)\r\n/.exec(rest);
        if (parsed === null) return;
        let at = parsed[0].length;
        const words: string[] = [];
        for (let left = Number(parsed[1]); left > 0; left--) {
          const length = /^\$(\d+)\r\n/.exec(rest.slice(at));
          if (length === null) return;
          at += length[0].length;
          words.push(rest.slice(at, at + Number(length[1])));
          at += Number(length[1]) + 2;
        }
        if (rest.length < at) return;
        rest = rest.slice(at);
        socket.write(`${reply(words)}\r\n`);
      }
    });
  }, asked);
}

const bulk = (text: string) => `$${text.length}\r\n${text}`;
