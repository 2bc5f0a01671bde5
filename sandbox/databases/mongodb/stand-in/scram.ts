/**
 * SCRAM as a server: what is kept of a password cannot log in, and does not say the password.
 * @see https://datatracker.ietf.org/doc/html/rfc5802, https://datatracker.ietf.org/doc/html/rfc7677 and, for what
 * is special about MongoDB's SHA-1, https://github.com/mongodb/specifications/blob/master/source/auth/auth.md
 */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { saslprep } from "@mongodb-js/saslprep";
import { CommandError } from "./errors.ts";

/** Iterations and bytes of salt are MongoDB's defaults. */
const mechanisms = {
  "SCRAM-SHA-256": {
    hash: "sha256",
    iterations: 15_000,
    keyBytes: 32,
    saltBytes: 28,
    prepare: (_: string, password: string) => saslprep(password),
  },
  "SCRAM-SHA-1": {
    hash: "sha1",
    iterations: 10_000,
    keyBytes: 20,
    saltBytes: 16,
    prepare: (username: string, password: string) =>
      createHash("md5").update(`${username}:mongo:${password}`).digest("hex"),
  },
} as const;
export type Mechanism = keyof typeof mechanisms;
export const mechanismNames = Object.keys(mechanisms) as Mechanism[];

interface Secret {
  salt: Buffer;
  storedKey: Buffer;
  serverKey: Buffer;
}
export type Credentials = Record<Mechanism, Secret>;

export async function credentials(username: string, password: string): Promise<Credentials> {
  const secrets = mechanismNames.map(async (name) => {
    const { hash, iterations, keyBytes, saltBytes, prepare } = mechanisms[name];
    const salt = randomBytes(saltBytes);
    const salted = await promisify(pbkdf2)(prepare(username, password), salt, iterations, keyBytes, hash);
    const storedKey = digest(hash, hmac(hash, salted, "Client Key"));
    return [name, { salt, storedKey, serverKey: hmac(hash, salted, "Server Key") }] as const;
  });
  return Object.fromEntries(await Promise.all(secrets)) as Credentials;
}

const hmac = (hash: string, key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
const digest = (hash: string, bytes: Buffer) => createHash(hash).update(bytes).digest();

/** One refusal for every reason, so that it tells nothing. */
export const authenticationFailed = () => new CommandError(18, "Authentication failed.");

/** One login. Messages are those of the RFC; whatever is wrong with one throws `AuthenticationFailed`. */
export class ScramConversation {
  readonly username: string;
  private readonly header: string;
  private readonly firstBare: string;
  private readonly clientNonce: string;
  private readonly mechanism: Mechanism;
  private expected: { serverFirst: string; nonce: string; secret: Secret } | undefined;

  constructor(mechanism: Mechanism, clientFirst: string) {
    this.mechanism = mechanism;
    // No channel binding; `a=` (act as somebody else) is not allowed.
    const match = /^([ny],,)(n=([^,]*),r=([^,]+))$/.exec(clientFirst);
    if (match === null) throw authenticationFailed();
    [, this.header = "", this.firstBare = "", this.username = "", this.clientNonce = ""] = match;
    this.username = this.username.replaceAll("=2C", ",").replaceAll("=3D", "=");
  }

  /** The server's first message. */
  start(known: Credentials): string {
    const secret = known[this.mechanism];
    const { iterations } = mechanisms[this.mechanism];
    const nonce = this.clientNonce + randomBytes(24).toString("base64");
    const serverFirst = `r=${nonce},s=${secret.salt.toString("base64")},i=${iterations}`;
    this.expected = { serverFirst, nonce, secret };
    return serverFirst;
  }

  /** Checks the proof; gives the server's final message. */
  finish(clientFinal: string): string {
    const { expected } = this;
    // A conversation is good for one try.
    this.expected = undefined;
    const match = /^(c=([^,]+),r=([^,]+)),p=([^,]+)$/.exec(clientFinal);
    if (expected === undefined || match === null) throw authenticationFailed();
    const [, withoutProof = "", binding = "", nonce, proof = ""] = match;
    if (Buffer.from(binding, "base64").toString() !== this.header || nonce !== expected.nonce)
      throw authenticationFailed();
    const { storedKey, serverKey } = expected.secret;
    const { hash } = mechanisms[this.mechanism];
    const message = `${this.firstBare},${expected.serverFirst},${withoutProof}`;
    const signature = hmac(hash, storedKey, message);
    const given = Buffer.from(proof, "base64");
    if (given.length !== signature.length) throw authenticationFailed();
    const clientKey = Buffer.from(given.map((byte, i) => byte ^ (signature[i] ?? 0)));
    if (!timingSafeEqual(digest(hash, clientKey), storedKey)) throw authenticationFailed();
    return `v=${hmac(hash, serverKey, message).toString("base64")}`;
  }
}
