/** How a connection is encrypted, and how long its certificate lasts. */
import tls from "node:tls";
import type { Progress } from "./check.ts";
import type { Deadline } from "./deadline.ts";
import type { CommonFacts, Remark, TlsFacts } from "./model.ts";

/** Days before the end of a certificate from which on it is a warning. Let's Encrypt renews at 30. */
const soon = 21;
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
  { place, facts, deadline }: Progress<CommonFacts>,
): Promise<void> {
  const found = !place.tls
    ? ({ on: false } as const)
    : address && (await probeTls(address, deadline).catch(() => undefined));
  if (found !== undefined) facts.tls = found;
}

/** What there is to say about it, where a driver has let it pass. @param insists whether the client checks it */
export function tlsRemarks(facts: TlsFacts | undefined, insists: boolean, privateNetwork: boolean): Remark[] {
  if (facts === undefined) return [];
  if (!facts.on) return [{ kind: "no-tls", severity: privateNetwork ? "note" : "warning" }];
  const { daysLeft, trusted, untrustedBecause: code } = facts;
  if (daysLeft !== undefined && daysLeft < 0)
    return [{ kind: "certificate-expired", severity: "warning", number: -daysLeft }];
  const remarks: Remark[] = [];
  if (daysLeft !== undefined && daysLeft < soon)
    remarks.push({ kind: "certificate-expires", severity: "warning", number: daysLeft });
  if (!trusted)
    remarks.push({
      kind: "certificate-untrusted",
      severity: privateNetwork && !insists ? "note" : "warning",
      ...(code !== undefined && { names: [code] }),
    });
  return remarks;
}
