/**
 * SCRAM-SHA-256 as a server: what is kept of a password cannot log in, and does not say the password.
 * @see https://datatracker.ietf.org/doc/html/rfc5802 and https://datatracker.ietf.org/doc/html/rfc7677
 */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { saslprep } from "@mongodb-js/saslprep";
import { CommandError } from "./errors.ts";

/** MongoDB's default, `scramSHA256IterationCount`. */
const iterations = 15_000;

export interface Credentials {
  salt: Buffer;
  storedKey: Buffer;
  serverKey: Buffer;
}

/** @param salt that of older credentials, to find out whether a password is the same */
export async function credentials(password: string, salt: Buffer = randomBytes(28)): Promise<Credentials> {
  const salted = await promisify(pbkdf2)(saslprep(password), salt, iterations, 32, "sha256");
  return { salt, storedKey: sha256(hmac(salted, "Client Key")), serverKey: hmac(salted, "Server Key") };
}

const hmac = (key: Buffer, text: string) => createHmac("sha256", key).update(text).digest();
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest();

/** One refusal for every reason, so that it tells nothing. */
export const authenticationFailed = () => new CommandError(18, "Authentication failed.");

/** One login. Messages are those of the RFC; whatever is wrong with one throws `AuthenticationFailed`. */
export class ScramConversation {
  readonly username: string;
  private readonly header: string;
  private readonly firstBare: string;
  private readonly clientNonce: string;
  private expected: { serverFirst: string; nonce: string; credentials: Credentials } | undefined;

  constructor(clientFirst: string) {
    // No channel binding; `a=` (act as somebody else) is not allowed.
    const match = /^([ny],,)(n=([^,]*),r=([^,]+))$/.exec(clientFirst);
    if (match === null) throw authenticationFailed();
    [, this.header = "", this.firstBare = "", this.username = "", this.clientNonce = ""] = match;
    this.username = this.username.replaceAll("=2C", ",").replaceAll("=3D", "=");
  }

  /** The server's first message. */
  start(known: Credentials): string {
    const nonce = this.clientNonce + randomBytes(24).toString("base64");
    const serverFirst = `r=${nonce},s=${known.salt.toString("base64")},i=${iterations}`;
    this.expected = { serverFirst, nonce, credentials: known };
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
    const { storedKey, serverKey } = expected.credentials;
    const message = `${this.firstBare},${expected.serverFirst},${withoutProof}`;
    const signature = hmac(storedKey, message);
    const given = Buffer.from(proof, "base64");
    if (given.length !== signature.length) throw authenticationFailed();
    const clientKey = Buffer.from(given.map((byte, i) => byte ^ (signature[i] ?? 0)));
    if (!timingSafeEqual(sha256(clientKey), storedKey)) throw authenticationFailed();
    return `v=${hmac(serverKey, message).toString("base64")}`;
  }
}
