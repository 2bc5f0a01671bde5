/** Who may connect. */
import ipaddr from "ipaddr.js";
import { at, types } from "../resources.ts";
import { type Finding, isUnknown, items, levels, type Policy } from "./model.ts";

/**
 * The widest block that still names somebody, in bits of its prefix. A /16 holds 65 536 addresses, as one company
 * or one cloud network may; a wider one is shared by strangers. An IPv6 /32 is what a provider is given.
 */
const widest = { ipv4: 16, ipv6: 32 } as const;

/** What is wrong with a block of an access list. */
function openness(cidr: unknown): Finding[] {
  if (isUnknown(cidr)) return [{ unknown: "the block" }];
  if (typeof cidr !== "string") return [];
  const block = cidr.includes("/") ? cidr : `${cidr}/${cidr.includes(":") ? 128 : 32}`;
  if (!ipaddr.isValidCIDR(block)) return [{ message: `${cidr} is no address and no block` }];
  const [address, bits] = ipaddr.parseCIDR(block);
  if (bits >= widest[address.kind()]) return [];
  const who = bits === 0 ? "the whole internet" : `${address.kind() === "ipv4" ? "IPv4" : "IPv6"} /${bits}`;
  return [{ message: `${cidr} lets ${who} in` }];
}

export const accessListOpen: Policy = {
  id: "access-list-open",
  title: "Atlas access list open to the world",
  why: "Behind an open list only the password stands between the internet and the data, and passwords leak.",
  checks: `The block of each entry of a project's IP access list: at least /${widest.ipv4} (IPv4) or /${widest.ipv6} (IPv6).`,
  fix: "List in kairos:mongodb.accessList the outbound ranges of the backend's services (Render dashboard: a service, Connect, Outbound).",
  level: levels("mandatory", "mandatory", "advisory"),
  resource: (resource) => {
    if (resource.type !== types.access) return [];
    return openness(resource.inputs.cidrBlock ?? resource.inputs.ipAddress);
  },
};

export const postgresOpen: Policy = {
  id: "postgres-open",
  title: "Render database reachable from anywhere",
  why: "Services of the same region need no entry: an open list only adds those who should not connect.",
  checks: `Each block of the allow list of a Render Postgres or Key Value: at least /${widest.ipv4}. No list: nobody from outside.`,
  fix: "Leave accessList of kairos:postgres and kairos:redis empty and connect over the private network, or list single addresses.",
  level: levels("mandatory", "mandatory", "advisory"),
  resource: (resource) => {
    if (resource.type !== types.postgres && resource.type !== types.keyValue) return [];
    const { ipAllowLists } = resource.inputs;
    if (isUnknown(ipAllowLists)) return [{ unknown: "the allow list" }];
    return items(ipAllowLists).flatMap((entry) => openness(at(entry, "cidrBlock")));
  },
};

export const sharedOutbound: Policy = {
  id: "shared-outbound",
  title: "Atlas open to other customers of Render",
  why: "Services without addresses of their own share those of their region with all customers of Render there: an access list that lets the backend in lets them in, too, as far as the password.",
  checks: "Beside a cluster that has an access list: whether the stack has dedicated outbound addresses.",
  fix: "Set kairos:render.outbound, deploy, then take the region's ranges out of kairos:mongodb.accessList. It needs a Pro workspace at Render and is paid for.",
  level: levels("advisory", "off", "off"),
  stack: (resources) => {
    const isGuarded = resources.some(({ type }) => type === types.access);
    if (!isGuarded || resources.some(({ type }) => type === types.outbound)) return [];
    return resources
      .filter(({ type }) => type === types.cluster)
      .map(({ name }) => ({
        resource: name,
        message: "its access list lets Render's shared outbound addresses in",
      }));
  },
};
