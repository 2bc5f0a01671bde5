/** Who may call: a pair of API keys by HTTP digest, or a service account by a token that it fetched. */
import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { AtlasError } from "./refusals.ts";
import { type Actor, newId } from "./state.ts";

export interface AtlasCredentials {
  publicKey: string;
  privateKey: string;
  clientId: string;
  clientSecret: string;
}

/** Credentials that look like Atlas' own and open nothing there. */
export function generateCredentials(): AtlasCredentials {
  const letters = [...randomBytes(8)].map((byte) => String.fromCharCode(97 + (byte % 26)));
  return {
    publicKey: letters.join(""),
    privateKey: randomUUID(),
    clientId: `mdb_sa_id_${randomBytes(12).toString("hex")}`,
    clientSecret: `mdb_sa_sk_${randomBytes(24).toString("base64url")}`,
  };
}

const realm = "MMS Public API";
/** In seconds. The provider renews ten minutes before the end. */
const tokenLifetime = 3600;
/** Challenges that may wait for their answer. */
const openChallenges = 1000;

export class Authentication {
  private readonly credentials: AtlasCredentials;
  /** Nonces that were handed out and not used; each is good for one call, so each call is challenged. */
  private readonly nonces = new Set<string>();
  /** Tokens and when they end, in milliseconds since 1970. */
  private readonly tokens = new Map<string, number>();
  private readonly actor: Actor;

  constructor(credentials: AtlasCredentials) {
    this.credentials = credentials;
    this.actor = { publicKey: credentials.publicKey, apiKeyId: newId() };
  }

  /**
   * @returns who calls, as events show it; undefined of a service account, of which Atlas' description does not say it
   * @throws AtlasError unless the caller is who it says it is
   */
  check(context: Context): Actor | undefined {
    const [scheme = "", rest = ""] = split(context.req.header("authorization") ?? "");
    const known =
      scheme === "digest" ? this.checkDigest(context, rest) : scheme === "bearer" && this.checkToken(rest);
    if (!known) {
      context.header("WWW-Authenticate", this.challenge());
      throw new AtlasError("NOT_AUTHORIZED");
    }
    return scheme === "digest" ? this.actor : undefined;
  }

  /** `POST /api/oauth/token`; errors as https://www.rfc-editor.org/rfc/rfc6749#section-5.2 has them. */
  async token(context: Context): Promise<Response> {
    const noStore = { "Cache-Control": "no-store" };
    if (!this.checkServiceAccount(context)) return context.json({ error: "invalid_client" }, 401, noStore);
    const { grant_type: grant } = await context.req.parseBody();
    if (grant !== "client_credentials")
      return context.json({ error: "unsupported_grant_type" }, 400, noStore);
    const token = randomBytes(32).toString("base64url");
    this.tokens.set(token, Date.now() + tokenLifetime * 1000);
    const body = { access_token: token, token_type: "Bearer", expires_in: tokenLifetime };
    return context.json(body, 200, noStore);
  }

  /** `POST /api/oauth/revoke`: also a token that nobody knows is gone afterwards. */
  async revoke(context: Context): Promise<Response> {
    if (!this.checkServiceAccount(context)) return context.json({ error: "invalid_client" }, 401);
    const { token } = await context.req.parseBody();
    this.tokens.delete(String(token));
    return context.body(null, 200);
  }

  private challenge(): string {
    const nonce = randomBytes(16).toString("hex");
    this.nonces.add(nonce);
    for (const oldest of this.nonces) {
      if (this.nonces.size <= openChallenges) break;
      this.nonces.delete(oldest);
    }
    return `Digest realm="${realm}", domain="", nonce="${nonce}", algorithm=MD5, qop="auth", stale=false`;
  }

  /** https://www.rfc-editor.org/rfc/rfc7616#section-3.4.1, with the MD5 that Atlas and its client still use. */
  private checkDigest(context: Context, header: string): boolean {
    const fields: Record<string, string> = {};
    for (const [, name = "", quoted, bare] of header.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g))
      fields[name.toLowerCase()] = quoted ?? bare ?? "";
    const { username, uri, nonce = "", nc, cnonce, qop, response = "" } = fields;
    const { publicKey, privateKey } = this.credentials;
    if (!this.nonces.delete(nonce) || username !== publicKey || qop !== "auth") return false;
    const { pathname, search } = new URL(context.req.url);
    if (uri !== pathname + search) return false;
    const who = md5(`${publicKey}:${realm}:${privateKey}`);
    const what = md5(`${context.req.method}:${uri}`);
    return same(response, md5([who, nonce, nc, cnonce, qop, what].join(":")));
  }

  private checkToken(token: string): boolean {
    return (this.tokens.get(token) ?? 0) > Date.now();
  }

  private checkServiceAccount(context: Context): boolean {
    const [scheme, encoded = ""] = split(context.req.header("authorization") ?? "");
    const { clientId, clientSecret } = this.credentials;
    const sent = Buffer.from(encoded, "base64").toString();
    return scheme === "basic" && same(sent, `${clientId}:${clientSecret}`);
  }
}

/** Scheme, in lower case, and what follows it. */
function split(header: string): [string, string] {
  const space = header.indexOf(" ");
  return [header.slice(0, Math.max(space, 0)).toLowerCase(), header.slice(space + 1).trim()];
}

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** Compares without telling by its time how much was right. */
function same(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
