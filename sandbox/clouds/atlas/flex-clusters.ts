/** Flex clusters: little to choose, and an API of their own. */
import type { ClusterList } from "./cluster-list.ts";
import { newBody } from "./cluster-list.ts";
import { invalidAttribute } from "./error.ts";
import { checkRegion, isTenant, provision } from "./hardware.ts";
import { flexRequest, flexUpdate, flexUpgradeRequest, parse } from "./requests.ts";
import { type Cluster, newId, type ReplicationSpec } from "./state.ts";

export class FlexClusters {
  private readonly all: ClusterList;

  constructor(all: ClusterList) {
    this.all = all;
  }

  list(groupId: string): Cluster[] {
    return this.all.list(groupId, "flex");
  }

  get(groupId: string, name: string): Cluster {
    return this.all.get(groupId, name, "flex");
  }

  create(groupId: string, body: unknown): Cluster {
    const { name, providerSettings, ...rest } = parse(flexRequest, body);
    const { backingProviderName, regionName } = providerSettings;
    checkRegion(backingProviderName, regionName);
    return this.all.add(groupId, name, newBody("flex", flexSpecs(backingProviderName, regionName), {}), rest);
  }

  /** Of a Flex cluster nothing but tags and protection can be changed. */
  update(groupId: string, name: string, body: unknown): Cluster {
    const cluster = this.get(groupId, name);
    this.all.change(cluster, parse(flexUpdate, body));
    return this.all.busy(cluster, "UPDATING");
  }

  delete(groupId: string, name: string): Cluster {
    return this.all.delete(groupId, name, "flex");
  }

  /** To a dedicated tier. */
  upgrade(groupId: string, body: unknown): Cluster {
    const { name, replicationSpecs, backupEnabled } = parse(flexUpgradeRequest, body);
    const cluster = this.get(groupId, name);
    if (isTenant(replicationSpecs)) throw invalidAttribute("providerName");
    const specs = provision(replicationSpecs);
    return this.all.busy(
      cluster,
      "UPDATING",
      newBody("dedicated", specs, { backupEnabled: backupEnabled === true }),
    );
  }
}

export function flexSpecs(backingProviderName: string, regionName: string): ReplicationSpec[] {
  const region = { providerName: "FLEX", backingProviderName, regionName, priority: 7 };
  return [
    {
      id: newId(),
      zoneId: newId(),
      zoneName: "Zone 1",
      regionConfigs: [{ ...region, requested: {}, current: {} }],
    },
  ];
}
