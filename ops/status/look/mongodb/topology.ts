/** What the driver knows of the servers. */
import type { MongodbFacts } from "../../model.ts";

type Topology = NonNullable<MongodbFacts["topology"]>;

const kinds: Readonly<Record<string, Topology["kind"]>> = {
  RSPrimary: "replica set",
  RSSecondary: "replica set",
  RSOther: "replica set",
  RSArbiter: "replica set",
  Mongos: "sharded",
  LoadBalancer: "load balanced",
  Standalone: "standalone",
};

/** What a driver tells, in the words that all of MongoDB's drivers have for it. */
interface TopologyDescription {
  type: string;
  setName: string | null;
  servers: { type: string; address: string }[];
}

/** Undefined while no server has answered. */
export function topologyFacts(topology: TopologyDescription | undefined): Topology | undefined {
  const { servers = [] } = topology ?? {};
  const primary = servers.find(({ type }) => type === "RSPrimary");
  const known = [primary, ...servers].map((server) => kinds[server?.type ?? ""]).find((kind) => kind);
  if (known === undefined) return undefined;
  return {
    kind: known,
    ...(topology?.setName && { set: topology.setName }),
    ...(primary && { primary: primary.address }),
    members: servers.length,
  };
}

/**
 * The compressor that the driver chose: the first of its own that the server has offered. Servers answer `hello` with
 * those that both have: https://github.com/mongodb/specifications/blob/master/source/compression/OP_COMPRESSED.md
 */
export function compressionOf(
  offered: readonly string[],
  hello: Record<string, unknown>,
): NonNullable<MongodbFacts["compression"]> {
  const common: unknown[] = Array.isArray(hello.compression) ? hello.compression : [];
  const chosen = offered.find((name) => common.includes(name));
  return (chosen as MongodbFacts["compression"]) ?? "none";
}
