/**
 * The way from Upstash's provider, whose address cannot be changed, to the stand-in: a proxy on loopback that ends
 * tunnels to api.upstash.com in its own TLS server, and refuses everything else. It works for the processes that are
 * given its environment, and for nobody else: nothing is installed or trusted on the machine.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import path from "node:path";
import { type Duplex, pipeline } from "node:stream";
import tls from "node:tls";
import { type Authority, createAuthority } from "../certificates.ts";

/** The one host behind the proxy. */
const upstashHost = "api.upstash.com";

/** A proxy that runs. */
export interface UpstashProxy {
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** The authority's certificate, a PEM file. */
  certificateFile: string;
  /** Hosts that were asked for and refused, `name:port`, in order. */
  refused: string[];
  /** What a child process needs so that its calls to Upstash arrive here, and its other calls nowhere. */
  environment(): ProxyEnvironment;
  close(): Promise<void>;
}

/** Variables that programs in Go read; a type, so that it goes where a plain record of strings is wanted. */
type ProxyEnvironment = Record<
  "HTTPS_PROXY" | "HTTP_PROXY" | "NO_PROXY" | "SSL_CERT_FILE" | "SSL_CERT_DIR",
  string
>;

interface ProxyOptions {
  /** The stand-in as it is being served on loopback: `http://127.0.0.1:<port>`. */
  target: string;
  /** A folder of this sandbox's own, for the authority's certificate. */
  folder: string;
  /** An authority to share; the proxy's own by default. */
  authority?: Authority;
}

export async function serveUpstashProxy({ target, folder, authority }: ProxyOptions): Promise<UpstashProxy> {
  const { certificate, issue } = authority ?? (await createAuthority());
  const certificateFile = path.join(folder, "certificate-authority.pem");
  // Empty: Go reads the system's folder of authorities besides SSL_CERT_FILE, unless it is told of another.
  const noCertificates = path.join(folder, "no-other-authority");
  await mkdir(noCertificates, { recursive: true });
  await writeFile(certificateFile, certificate, { mode: 0o600 });

  const refused: string[] = [];
  const open = new Set<Duplex>();
  const track = <T extends Duplex>(stream: T): T => {
    open.add(stream);
    stream.once("close", () => open.delete(stream));
    return stream;
  };

  const { hostname, port } = new URL(target);
  const inner = tls.createServer({ ...(await issue(upstashHost)), ALPNProtocols: ["http/1.1"] }, (socket) => {
    const standIn = track(connect(Number(port), hostname));
    // Bytes go through untouched; a connection that the stand-in cuts is cut here, too.
    pipeline(socket, standIn, () => socket.destroy());
    pipeline(standIn, socket, () => standIn.destroy());
  });
  // A client that does not trust the certificate ends the handshake; that is its right.
  inner.on("tlsClientError", (_, socket) => socket.destroy());

  const refuse = (socket: Duplex, host: string) => {
    refused.push(host);
    const body = refusal(host);
    socket.end(
      `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
        `Connection: close\r\n\r\n${body}`,
    );
  };
  const outer = createServer((request, response) => {
    const host = plainHost(request);
    refused.push(host);
    response.writeHead(403, { "content-type": "text/plain" }).end(refusal(host));
  });
  outer.on("connection", track);
  outer.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const host = request.url ?? "";
    if (host !== `${upstashHost}:443`) {
      refuse(socket, host);
      return;
    }
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) socket.unshift(head);
    inner.emit("connection", socket);
  });
  // A plain request that wants to switch protocols is a plain request.
  outer.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    // From here on nobody else hears of its errors, and an error that nobody hears ends the process.
    socket.on("error", () => socket.destroy());
    refuse(socket, plainHost(request));
  });

  await new Promise<void>((resolve, reject) => {
    outer.once("error", reject);
    outer.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(outer.address() as AddressInfo).port}`;
  return {
    url,
    certificateFile,
    refused,
    environment: () => ({
      HTTPS_PROXY: url,
      HTTP_PROXY: url,
      NO_PROXY: "127.0.0.1,localhost,::1",
      SSL_CERT_FILE: certificateFile,
      SSL_CERT_DIR: noCertificates,
    }),
    close: () =>
      new Promise<void>((resolve) => {
        outer.close(() => resolve());
        for (const stream of open) stream.destroy();
      }),
  };
}

const refusal = (host: string) =>
  `The sandbox lets nothing out but calls to ${upstashHost}: ${host} is refused.\n`;

/** The host of a request that a client sent to the proxy without a tunnel, or to the proxy itself. */
function plainHost({ url = "", headers }: IncomingMessage): string {
  const absolute = URL.canParse(url) ? new URL(url) : undefined;
  if (absolute === undefined) return headers.host ?? "";
  return `${absolute.hostname}:${absolute.port || "80"}`;
}
