/** Flex clusters: little to choose, and an API of their own. */
import { type Route, route } from "../api.ts";
import { ClusterList, type Common, newBody } from "./cluster-list.ts";
import { flexReply } from "./cluster-replies.ts";
import type { ClusterRequest } from "./clusters.ts";
import { checkRegion, flexSpecs, isTenant, provision } from "./hardware.ts";
import { AtlasError } from "./refusals.ts";
import { type AtlasContext, type Cluster, page } from "./state.ts";

export interface FlexRequest extends Common {
  name: string;
  providerSettings: { backingProviderName: string; regionName: string };
}
type FlexUpgrade = Pick<ClusterRequest, "name" | "replicationSpecs"> & { backupEnabled?: boolean };

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

  get routes(): Route[] {
    const all = "/groups/:group/flexClusters" as const;
    const one = `${all}/:name` as const;
    const shown = (cluster: Cluster) => flexReply(cluster, this.context.connection(cluster));
    return [
      route(`GET ${all}`, ({ group, query }) => page(this.list(group).map(shown), query)),
      route(`POST ${all}`, ({ group }, body: FlexRequest) => shown(this.create(group, body))),
      route(`POST ${all}:tenantUpgrade`, ({ group }, body: FlexUpgrade) => shown(this.upgrade(group, body))),
      route(`GET ${one}`, ({ group, name }) => shown(this.get(group, name))),
      route(`PATCH ${one}`, ({ group, name }, body: Common) => shown(this.update(group, name, body))),
      route(`DELETE ${one}`, ({ group, name }) => this.delete(group, name)),
    ];
  }
}
