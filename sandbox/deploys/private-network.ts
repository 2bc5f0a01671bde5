/**
 * Render's private network: names that its services in the same region can resolve, and nobody else.
 * https://render.com/docs/private-network
 *
 * On this machine such a name leads to a port of loopback. No resolver is asked: where a process of the region is started,
 * the name in its variables is replaced by what it would have been resolved to.
 */
import type { Deploy, Service } from "../clouds/render/model.ts";

/** A database of the network. */
export interface PrivateName {
  /** For example `dpg-…-a`. */
  name: string;
  region: string;
  /** Where it listens here. */
  port: number;
}

const address = "127.0.0.1";

/** The variables as a process of the service has to have them here. */
export function resolved(
  names: readonly PrivateName[],
  { details }: Service,
  variables: Deploy["variables"],
): Deploy["variables"] {
  const own = names.filter(({ region }) => region === details.region);
  const entries = Object.entries(variables).map(([key, value]): [string, string] => {
    const one = own.find(({ name }) => value === name);
    // `POSTGRES_PORT` beside `POSTGRES_HOST`.
    const beside = own.find(({ name }) => variables[key.replace(/PORT$/, "HOST")] === name);
    if (one !== undefined) return [key, address];
    if (beside !== undefined && key.endsWith("PORT")) return [key, String(beside.port)];
    return [key, own.reduce((text, { name, port }) => withAddress(text, name, port), value)];
  });
  return Object.fromEntries(entries);
}

const withAddress = (url: string, name: string, port: number) =>
  url.replace(new RegExp(`(//|@)${name}(:\\d+)?(?=[/?]|$)`), `$1${address}:${port}`);
