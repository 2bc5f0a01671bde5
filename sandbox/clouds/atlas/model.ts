/** MongoDB Atlas as far as the stack uses it, without HTTP: what exists, what is allowed, what takes time. */
import { Store, type StoreOptions } from "../store.ts";
import { AccessList } from "./access-list.ts";
import { Alerts } from "./alerts.ts";
import { Snapshots } from "./backups.ts";
import { Clusters } from "./clusters.ts";
import { Compliance } from "./compliance.ts";
import { FlexClusters } from "./flex-clusters.ts";
import { Projects } from "./projects.ts";
import type { ConnectionStrings } from "./replies.ts";
import { RestoreJobs } from "./restores.ts";
import {
  type Actor,
  AtlasContext,
  type AtlasState,
  type AtlasTimes,
  type Cluster,
  type Copies,
  newId,
} from "./state.ts";
import { DatabaseUsers } from "./users.ts";

export interface AtlasOptions extends StoreOptions, AtlasTimes {
  /** The one organization that exists, 24 hexadecimal digits; made up by default. */
  orgId?: string;
  /** Where a cluster's database can be reached. */
  connectionString?: (cluster: Cluster) => ConnectionStrings;
  /** How the databases behind are copied; there are none by default. */
  copies?: Copies;
}

/**
 * One organization in the cloud. What its parts are told by hand, without a provider, is a change out of band.
 * Bodies are those of Atlas' Admin API; refusals are thrown as `AtlasError`.
 */
export class AtlasCloud {
  readonly projects: Projects;
  /** Dedicated clusters and M0. */
  readonly clusters: Clusters;
  readonly flexClusters: FlexClusters;
  readonly users: DatabaseUsers;
  readonly accessList: AccessList;
  readonly alerts: Alerts;
  readonly snapshots: Snapshots;
  readonly restoreJobs: RestoreJobs;
  readonly compliance: Compliance;
  private readonly context: AtlasContext;
  private readonly connectionString: (cluster: Cluster) => ConnectionStrings;

  constructor(options: AtlasOptions = {}) {
    const { orgId, connectionString } = options;
    const initial = { projects: [], clusters: [], containers: [], users: [], accessList: [] };
    const store = new Store<AtlasState>(options, { orgId: orgId ?? newId(), ...initial });
    if (orgId !== undefined) store.data.orgId = orgId;
    store.save();
    this.context = new AtlasContext(store, options);
    this.snapshots = new Snapshots(this.context);
    this.restoreJobs = new RestoreJobs(this.context, this.snapshots);
    this.compliance = new Compliance(this.context);
    this.clusters = new Clusters(this.context);
    this.flexClusters = new FlexClusters(this.context);
    this.projects = new Projects(this.context);
    this.users = new DatabaseUsers(this.context);
    this.accessList = new AccessList(this.context);
    this.alerts = new Alerts(this.context);
    this.connectionString = connectionString ?? nowhere;
  }

  /** What happens meanwhile is this one's doing: a person in the console, or a pair of keys. */
  as<T>(actor: Actor, run: () => T): T {
    return this.context.actor.run(actor, run);
  }

  get orgId(): string {
    return this.context.data.orgId;
  }

  connection(cluster: Cluster): ConnectionStrings {
    return this.connectionString(cluster);
  }
}

/** Of the form that Atlas' have, on a name that never resolves. */
function nowhere({ id, name }: Cluster): ConnectionStrings {
  const domain = `${id.slice(-7)}.example.invalid`;
  const hosts = [0, 1, 2].map((node) => `${name}-shard-00-0${node}.${domain}:27017`).join(",");
  return {
    standard: `mongodb://${hosts}/?ssl=true&authSource=admin&replicaSet=atlas-${id.slice(-6)}-shard-0`,
    standardSrv: `mongodb+srv://${name}.${domain}`,
  };
}
