/** Flex clusters: little to choose, and an API of their own. */
import { ClusterList, newBody } from "./cluster-list.ts";
import { AtlasError } from "./error.ts";
import { checkRegion, isTenant, provision } from "./hardware.ts";
import type { Common, FlexRequest, FlexUpgrade } from "./requests.ts";
import { type AtlasContext, type Cluster, newId, type ReplicationSpec } from "./state.ts";

export class FlexClusters extends ClusterList {
  constructor(context: AtlasContext) {
    super(context, "flex");
  }

  create(groupId: string, { name, providerSettings, ...common }: FlexRequest): Cluster {
    const { backingProviderName, regionName } = providerSettings;
    checkRegion(backingProviderName, regionName, true);
    return this.add(groupId, name, newBody("flex", flexSpecs(backingProviderName, regionName), {}), common);
  }

  /** Of a Flex cluster nothing but tags and protection can be changed. */
  update(groupId: string, name: string, changes: Common): Cluster {
    const cluster = this.get(groupId, name);
    this.change(cluster, changes);
    return this.busy(cluster, "UPDATING");
  }

  /** To a dedicated tier. */
  upgrade(groupId: string, { name, replicationSpecs, backupEnabled = false }: FlexUpgrade): Cluster {
    const cluster = this.get(groupId, name);
    if (isTenant(replicationSpecs)) throw new AtlasError("INVALID_ATTRIBUTE", "providerName");
    const becomes = newBody("dedicated", provision(replicationSpecs), { backupEnabled });
    return this.busy(cluster, "UPDATING", becomes);
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
