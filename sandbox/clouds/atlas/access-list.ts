/** Who may connect to a project's clusters. */
import ipaddr from "ipaddr.js";
import { type Route, route } from "../api.ts";
import { AtlasError } from "./refusals.ts";
import { type AccessEntry, Part, page } from "./state.ts";

type AccessListRequest = {
  cidrBlock?: string;
  ipAddress?: string;
  awsSecurityGroup?: string;
  comment?: string;
}[];

const mostEntries = 200;
const longestComment = 80;

export class AccessList extends Part {
  list(groupId: string): AccessEntry[] {
    return this.context.of("accessList", groupId);
  }

  /** @param entry an address or a block; `1.2.3.4` and `1.2.3.4/32` are the same entry */
  get(groupId: string, entry: string): AccessEntry {
    const block = asBlock(entry);
    const found = this.list(groupId).find(({ cidrBlock }) => cidrBlock === block);
    if (found !== undefined) return found;
    throw new AtlasError("ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND", entry, groupId);
  }

  /** Adds entries; one that is there already gets the new comment. */
  add(groupId: string, request: AccessListRequest): AccessEntry[] {
    const known = this.list(groupId);
    const entries = request.map(({ cidrBlock, ipAddress, awsSecurityGroup, comment }) => {
      if (awsSecurityGroup !== undefined)
        throw new AtlasError("CANNOT_USE_AWS_SECURITY_GROUP_WITHOUT_VPC_PEERING_CONNECTION");
      if (cidrBlock !== undefined && ipAddress !== undefined)
        throw new AtlasError("MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY");
      const address = cidrBlock ?? ipAddress;
      if (address === undefined) throw new AtlasError("MISSING_ATTRIBUTE", "cidrBlock");
      if (!ipaddr.isValid(address) && !ipaddr.isValidCIDR(address))
        throw new AtlasError("INVALID_IP_ADDRESS_OR_CIDR_NOTATION", address);
      if (comment !== undefined && comment.length > longestComment)
        throw new AtlasError("INVALID_NETWORK_PERMISSION_COMMENT", comment, longestComment);
      return { groupId, cidrBlock: asBlock(address), comment: comment ?? "" };
    });
    const { data } = this.context;
    const added = entries.filter(({ cidrBlock }) => known.every((other) => other.cidrBlock !== cidrBlock));
    if (known.length + added.length > mostEntries)
      throw new AtlasError("ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED", mostEntries);
    const replaced = new Set(entries.map(({ cidrBlock }) => cidrBlock));
    if (replaced.size < entries.length) throw new AtlasError("DUPLICATE_ADDRESSES_IN_INPUT");
    data.accessList = data.accessList.filter(
      (entry) => entry.groupId !== groupId || !replaced.has(entry.cidrBlock),
    );
    data.accessList.push(...entries);
    for (const entry of entries) this.happened(added.includes(entry) ? "ADDED" : "UPDATED", entry);
    this.context.save();
    return this.list(groupId);
  }

  delete(groupId: string, entry: string): void {
    const found = this.get(groupId, entry);
    this.happened("REMOVED", found);
    this.context.drop("accessList", found);
  }

  private happened(what: "ADDED" | "UPDATED" | "REMOVED", { groupId, cidrBlock }: AccessEntry): void {
    this.context.happened(`NETWORK_PERMISSION_ENTRY_${what}`, groupId, { whitelistEntry: cidrBlock });
  }

  get routes(): Route[] {
    const all = "/groups/:group/accessList" as const;
    const one = `${all}/:entry` as const;
    return [
      route(`GET ${all}`, ({ group, query }) => page(this.list(group).map(shown), query)),
      route(`POST ${all}`, ({ group, query }, body: AccessListRequest) =>
        page(this.add(group, body).map(shown), query),
      ),
      route(`GET ${one}`, ({ group, entry }) => shown(this.get(group, entry))),
      route(`GET ${one}/status`, ({ group, entry }) => {
        this.get(group, entry);
        return { STATUS: "ACTIVE" };
      }),
      route(`DELETE ${one}`, ({ group, entry }) => this.delete(group, entry)),
    ];
  }
}

/** One address is a block of one. */
function asBlock(entry: string): string {
  if (entry.includes("/") || !ipaddr.isValid(entry)) return entry;
  return `${entry}/${ipaddr.parse(entry).kind() === "ipv6" ? 128 : 32}`;
}

/** An entry as Atlas answers it: one address is also shown as such, however it was asked for. */
function shown({ groupId, cidrBlock, comment }: AccessEntry): object {
  const [address, bits] = cidrBlock.split("/");
  const single = bits === "32" || bits === "128";
  return { groupId, cidrBlock, ...(single && { ipAddress: address }), comment, links: [] };
}
