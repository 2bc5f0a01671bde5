/** Who may call: a pair of API keys by HTTP digest, or a service account by a token that it fetched. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Context } from "hono";
import { auth as basicAuthOf } from "hono/utils/basic-auth";
import { timingSafeEqual } from "hono/utils/buffer";
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
  async check(context: Context): Promise<Actor | undefined> {
    const [, scheme = "", rest = ""] = /^(\S+) +(.*)$/.exec(context.req.header("authorization") ?? "") ?? [];
    const isDigest = scheme.toLowerCase() === "digest";
    const known = isDigest
      ? await this.checkDigest(context, rest)
      : scheme.toLowerCase() === "bearer" && (this.tokens.get(rest) ?? 0) > Date.now();
    if (!known) {
      context.header("WWW-Authenticate", this.challenge());
      throw new AtlasError("NOT_AUTHORIZED");
    }
    return isDigest ? this.actor : undefined;
  }

  /** `POST /api/oauth/token`; errors as https://www.rfc-editor.org/rfc/rfc6749#section-5.2 has them. */
  async token(context: Context): Promise<Response> {
    const noStore = { "Cache-Control": "no-store" };
    if (!(await this.checkServiceAccount(context)))
      return context.json({ error: "invalid_client" }, 401, noStore);
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
    if (!(await this.checkServiceAccount(context))) return context.json({ error: "invalid_client" }, 401);
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
  private async checkDigest(context: Context, header: string): Promise<boolean> {
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
    return timingSafeEqual(response, md5([who, nonce, nc, cnonce, qop, what].join(":")));
  }

  private async checkServiceAccount({ req }: Context): Promise<boolean> {
    const { clientId, clientSecret } = this.credentials;
    const { username = "", password = "" } = basicAuthOf(req.raw) ?? {};
    return timingSafeEqual(`${username}:${password}`, `${clientId}:${clientSecret}`);
  }
}

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
