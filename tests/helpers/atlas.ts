/** A client for this folder's tests: digest authentication, version header, JSON. */
import { createHash } from "node:crypto";
import type { AtlasCredentials } from "../../sandbox/clouds/atlas/index.ts";

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
  headers: Headers;
}

type Keys = Pick<AtlasCredentials, "publicKey" | "privateKey">;

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Reply>;

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** Calls below `/api/atlas/v2`, each challenged first. */
export function client(url: string, credentials: Keys): Call {
  return async (method, path, body, headers) => {
    const { headers: challenge } = await send(url, method, path, body, headers);
    const authorization = digest(credentials, challenge, method, path);
    return send(url, method, path, body, { ...headers, authorization });
  };
}

/** The answer to a challenge: https://www.rfc-editor.org/rfc/rfc7616#section-3.4 */
export function digest(
  { publicKey, privateKey }: Keys,
  challenge: Headers,
  method: string,
  path: string,
): string {
  const asked = challenge.get("www-authenticate") ?? "";
  const [nonce, realm] = ["nonce", "realm"].map((name) => new RegExp(`${name}="([^"]*)"`).exec(asked)?.[1]);
  const uri = `/api/atlas/v2${path}`;
  const who = md5(`${publicKey}:${realm}:${privateKey}`);
  const response = md5(`${who}:${nonce}:00000001:c0ffee:auth:${md5(`${method}:${uri}`)}`);
  return (
    `Digest username="${publicKey}", realm="${realm}", nonce="${nonce}", uri="${uri}", qop=auth, ` +
    `nc=00000001, cnonce="c0ffee", response="${response}", algorithm=MD5`
  );
}

/** One call as it is. */
export async function send(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(`${url}/api/atlas/v2${path}`, {
    method,
    headers: { accept: "application/vnd.atlas.2024-10-23+json", ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? "" : JSON.parse(text), headers: response.headers };
}

/** A replica set in one region; `M0` is the free tier. */
export function cluster(name: string, instanceSize = "M10", more: { region?: object; specs?: object } = {}) {
  const free = instanceSize === "M0";
  const place = free ? { providerName: "TENANT", backingProviderName: "AWS" } : { providerName: "AWS" };
  const electableSpecs = { instanceSize, ...(!free && { nodeCount: 3 }), ...more.specs };
  const region = { ...place, regionName: "EU_CENTRAL_1", priority: 7, electableSpecs, ...more.region };
  return {
    name,
    clusterType: "REPLICASET",
    replicationSpecs: [{ zoneName: "Zone 1", regionConfigs: [region] }],
  };
}

export const flexCluster = (name: string) => ({
  name,
  providerSettings: { backingProviderName: "AWS", regionName: "EU_CENTRAL_1" },
});
