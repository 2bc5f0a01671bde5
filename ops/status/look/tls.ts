/** How a connection is encrypted, and how long its certificate lasts. */
import tls from "node:tls";
import type { CommonFacts, TlsFacts } from "../model.ts";
import type { Deadline } from "./deadline.ts";
import type { Progress } from "./look.ts";

const day = 24 * 60 * 60 * 1000;

/** The authorities that Node trusts, and further ones: giving any replaces Node's own. */
export const authorities = (ca: string | undefined): { ca: string[] } | undefined =>
  ca === undefined ? undefined : { ca: [...tls.rootCertificates, ca] };

/** What an encrypted connection shows. */
export function tlsFactsOf(socket: tls.TLSSocket): TlsFacts {
  const version = socket.getProtocol();
  const { valid_to: until } = socket.getPeerCertificate();
  const validTo = until === undefined ? undefined : new Date(until);
  // Node's type says Error; it is the code.
  const reason = socket.authorizationError as unknown;
  const code = typeof reason === "string" ? reason : (reason as { code?: unknown } | null)?.code;
  return {
    on: true,
    ...(version !== null && { version }),
    trusted: socket.authorized,
    ...(!socket.authorized && /^[A-Z_]+$/.test(String(code)) && { untrustedBecause: String(code) }),
    ...(validTo && {
      validTo: validTo.toISOString(),
      daysLeft: Math.floor((validTo.getTime() - Date.now()) / day),
    }),
  };
}

/**
 * Opens a connection of its own and looks: the drivers of MongoDB and Redis do not hand theirs out. Trusts nobody,
 * sends nothing.
 */
export async function probeTls(
  { host, port, ...trust }: { host: string; port: number } & tls.SecureContextOptions,
  deadline: Deadline,
): Promise<TlsFacts> {
  const socket = tls.connect({
    host,
    port,
    // An address is no name that a server could be asked for.
    ...(!/^[\d.]+$|:/.test(host) && { servername: host }),
    ...trust,
    rejectUnauthorized: false,
  });
  try {
    await deadline.within(
      new Promise<void>((resolve, reject) => {
        socket.once("secureConnect", resolve).once("error", reject).once("close", reject);
      }),
    );
    return tlsFactsOf(socket);
  } finally {
    socket.on("error", () => undefined);
    socket.destroy();
  }
}

/** The same as a fact: that this question fails takes nothing away from what the driver has found. */
export async function lookAtTls(
  address: ({ host: string; port: number } & tls.SecureContextOptions) | undefined,
  { tls: wanted, facts, deadline }: Progress<CommonFacts>,
): Promise<void> {
  const found = !wanted
    ? ({ on: false } as const)
    : address && (await probeTls(address, deadline).catch(() => undefined));
  if (found !== undefined) facts.tls = found;
}
