/** What a connection shows besides its protocol: whether somebody accepts it, how it is encrypted, for how long. */
import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import type { CommonFacts, TlsFacts } from "../model.ts";
import { settledWithin } from "./deadline.ts";
import type { Progress } from "./look.ts";

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

/** The authorities that Node trusts, and further ones: giving any replaces Node's own. */
export const authorities = (ca: string | undefined): { ca: string[] } | undefined =>
  ca === undefined ? undefined : { ca: [...tls.rootCertificates, ca] };

/** What an encrypted connection shows. */
export function tlsFactsOf(socket: tls.TLSSocket): TlsFacts {
  // Node's type says Error; it is the code.
  const reason = socket.authorizationError as unknown;
  const code = String(typeof reason === "string" ? reason : (reason as { code?: unknown } | null)?.code);
  return tlsFacts({
    version: socket.getProtocol(),
    trusted: socket.authorized,
    untrustedBecause: socket.authorized || !/^[A-Z_]+$/.test(code) ? undefined : code,
    validTo: socket.getPeerCertificate().valid_to,
  });
}

const day = 24 * 60 * 60 * 1000;

/** @param validTo end of the certificate's validity, in whatever form a date is read from */
export function tlsFacts({
  version,
  trusted = false,
  untrustedBecause,
  validTo = "",
}: {
  version?: string | null | undefined;
  trusted?: boolean | undefined;
  untrustedBecause?: string | undefined;
  validTo?: string | undefined;
}): TlsFacts {
  const until = Date.parse(validTo);
  return {
    on: true,
    ...(version && { version }),
    trusted,
    ...(untrustedBecause && { untrustedBecause }),
    ...(!Number.isNaN(until) && {
      validTo: new Date(until).toISOString(),
      daysLeft: Math.floor((until - Date.now()) / day),
    }),
  };
}

/**
 * Opens a connection of its own and looks how it is encrypted: the drivers of MongoDB and Redis do not hand theirs out.
 * Trusts nobody, sends nothing. That this question fails takes nothing away from what the driver has found.
 */
export async function lookAtTls(
  address: ({ host: string; port: number } & tls.SecureContextOptions) | undefined,
  { tls: isWanted, facts, deadline }: Progress<CommonFacts>,
): Promise<void> {
  if (!isWanted) facts.tls = { on: false };
  if (!isWanted || address === undefined) return;
  const { host } = address;
  const socket = tls.connect({
    ...address,
    // An address is no name that a server could be asked for.
    ...(!/^[\d.]+$|:/.test(host) && { servername: host }),
    rejectUnauthorized: false,
  });
  try {
    await deadline.within(
      new Promise<void>((resolve, reject) => {
        socket.once("secureConnect", resolve).once("error", reject).once("close", reject);
      }),
    );
    facts.tls = tlsFactsOf(socket);
  } catch {
    // It stays unknown.
  } finally {
    socket.on("error", () => undefined);
    socket.destroy();
  }
}
