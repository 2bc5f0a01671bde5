/** What stands between a driver and its database in the tests: it is slow, falls silent, or shows another certificate. */
import { once } from "node:events";
import net, { type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { KeyPair } from "../../sandbox/clouds/certificates.ts";

export interface MiddlemanOptions {
  /** Port on 127.0.0.1 of the database; undefined: nobody is behind it, and nothing is ever answered. */
  to?: number;
  /** Ends the client's TLS with this certificate; without it bytes go through as they are. */
  certificate?: KeyPair;
  /** TLS to the database, where the client's was ended. */
  encrypts?: boolean;
  /** PostgreSQL asks whether TLS is there before it begins: https://www.postgresql.org/docs/current/protocol-flow.html */
  postgres?: boolean;
  /** Milliseconds that each answer is held back. */
  delay?: number;
  /** From the first message of the client's on that holds this text, nothing goes through. */
  silentFrom?: string;
  /** What clients send is put here. */
  heard?: Buffer[];
}

export interface Middleman {
  port: number;
  close(): Promise<void>;
}

export async function middleman(options: MiddlemanOptions): Promise<Middleman> {
  const sockets = new Set<Duplex>();
  const keep = <T extends Duplex>(socket: T): T => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    return socket;
  };
  const server = net.createServer((raw) => {
    keep(raw);
    if (options.certificate === undefined) return join(raw);
    const { cert, key } = options.certificate;
    const secure = () => {
      const ended = keep(new tls.TLSSocket(raw, { isServer: true, cert, key }));
      ended.once("secure", () => join(ended));
    };
    if (!options.postgres) return secure();
    raw.once("data", () => {
      raw.write("S");
      secure();
    });
    return undefined;
  });
  const join = (client: Duplex): void => {
    const { to, delay = 0, silentFrom } = options;
    if (to === undefined) {
      client.resume();
      return;
    }
    const upstream: Socket = keep(
      options.encrypts
        ? tls.connect({ port: to, host: "127.0.0.1", rejectUnauthorized: false })
        : net.connect(to, "127.0.0.1"),
    );
    let silent = false;
    client.on("data", (data: Buffer) => {
      options.heard?.push(data);
      silent ||= silentFrom !== undefined && data.includes(silentFrom);
      if (!silent) upstream.write(data);
    });
    upstream.on("data", (data: Buffer) => {
      const pass = () => !silent && !client.destroyed && client.write(data);
      if (delay === 0) pass();
      else setTimeout(pass, delay);
    });
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
