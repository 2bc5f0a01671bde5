/** Who may connect to a project's clusters. */
import ipaddr from "ipaddr.js";
import { AtlasError } from "./error.ts";
import type { AccessListRequest } from "./requests.ts";
import { type AccessEntry, Part } from "./state.ts";

const mostEntries = 200;
const longestComment = 80;

export class AccessList extends Part {
  list(groupId: string): AccessEntry[] {
    this.context.project(groupId);
    return this.context.data.accessList.filter((entry) => entry.groupId === groupId);
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
    const { data, store } = this.context;
    const added = entries.filter(({ cidrBlock }) => known.every((other) => other.cidrBlock !== cidrBlock));
    if (known.length + added.length > mostEntries)
      throw new AtlasError("ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED", mostEntries);
    const replaced = new Set(entries.map(({ cidrBlock }) => cidrBlock));
    if (replaced.size < entries.length) throw new AtlasError("DUPLICATE_ADDRESSES_IN_INPUT");
    data.accessList = data.accessList.filter(
      (entry) => entry.groupId !== groupId || !replaced.has(entry.cidrBlock),
    );
    data.accessList.push(...entries);
    for (const entry of entries)
      this.context.happened(
        `NETWORK_PERMISSION_ENTRY_${added.includes(entry) ? "ADDED" : "UPDATED"}`,
        groupId,
        {
          whitelistEntry: entry.cidrBlock,
        },
      );
    store.save();
    return this.list(groupId);
  }

  delete(groupId: string, entry: string): void {
    const { data, store } = this.context;
    const found = this.get(groupId, entry);
    data.accessList.splice(data.accessList.indexOf(found), 1);
    this.context.happened("NETWORK_PERMISSION_ENTRY_REMOVED", groupId, { whitelistEntry: found.cidrBlock });
    store.save();
  }
}

/** One address is a block of one. */
function asBlock(entry: string): string {
  if (entry.includes("/") || !ipaddr.isValid(entry)) return entry;
  return `${entry}/${ipaddr.parse(entry).kind() === "ipv6" ? 128 : 32}`;
}

/** An entry as Atlas answers it: one address is also shown as such, however it was asked for. */
export function accessReply({ groupId, cidrBlock, comment }: AccessEntry): object {
  const [address, bits] = cidrBlock.split("/");
  const single = bits === "32" || bits === "128";
  return { groupId, cidrBlock, ...(single && { ipAddress: address }), comment, links: [] };
}
