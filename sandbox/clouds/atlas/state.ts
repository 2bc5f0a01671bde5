/** What the cloud remembers, and what its parts share. */
import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import type { Query } from "../api.ts";
import { Store, type StoreOptions } from "../store.ts";
import { AtlasError } from "./refusals.ts";

export interface AtlasState {
  orgId: string;
  projects: Project[];
  clusters: Cluster[];
  containers: Container[];
  users: DatabaseUser[];
  accessList: AccessEntry[];
  events: ProjectEvent[];
  alerts: AlertConfig[];
  snapshots: Snapshot[];
  restoreJobs: RestoreJob[];
}

export type Tags = { key: string; value: string }[];

export interface Project {
  id: string;
  orgId: string;
  name: string;
  created: string;
  tags: Tags;
  withDefaultAlertsSettings: boolean;
  settings: Record<string, boolean>;
  limits: { name: string; value: number }[];
  managedSlowMs: boolean;
  customRoles?: CustomRole[];
  compliance?: ComplianceRequest & { state: string; deletable: boolean; [answered: string]: unknown };
  /** Until when its clusters go on with the users that they had; milliseconds since 1970. */
  applying?: { until: number; users: DatabaseUser[] } | undefined;
}

/** A role that the project defines itself. */
export interface CustomRole {
  roleName: string;
  actions?: object[];
  inheritedRoles?: object[];
}

/** Something that happened, as the activity feed shows it. */
export interface ProjectEvent {
  id: string;
  created: string;
  eventTypeName:
    | "GROUP_CREATED"
    | `CLUSTER_${"CREATED" | "READY" | "UPDATE_SUBMITTED" | "DELETE_SUBMITTED" | "DELETED"}`
    | `MONGODB_USER_${"ADDED" | "UPDATED" | "DELETED"}`
    | `NETWORK_PERMISSION_ENTRY_${"ADDED" | "UPDATED" | "REMOVED"}`;
  groupId: string;
  /** Who did it; nobody of what Atlas does by itself. */
  actor?: Actor;
  /** Atlas filters by it, and does not show it. */
  clusterName?: string;
  dbUserUsername?: string;
  whitelistEntry?: string;
}

/** A person in the console, or a pair of keys. */
export type Actor = { username: string; userId: string } | { publicKey: string; apiKeyId: string };

/** What the nodes of one kind are made of. */
export interface Hardware {
  instanceSize: string;
  effectiveInstanceSize?: string;
  nodeCount?: number | undefined;
  diskSizeGB?: number;
  diskIOPS?: number;
  ebsVolumeType?: string;
}
/** Nodes by kind: those that can become primary, and the others. */
export interface Specs {
  electableSpecs?: Hardware;
  readOnlySpecs?: Hardware;
  analyticsSpecs?: Hardware;
}
export interface AutoScaling {
  compute?: {
    enabled?: boolean;
    scaleDownEnabled?: boolean;
    minInstanceSize?: string;
    maxInstanceSize?: string;
  };
  diskGB?: { enabled?: boolean };
}

export interface RegionConfig {
  providerName: string;
  backingProviderName?: string | undefined;
  regionName: string;
  priority: number;
  /** As the client sent it. */
  requested: Specs;
  /** As it runs: defaults filled in, and what Atlas scaled by itself. */
  current: Specs;
  autoScaling?: AutoScaling | undefined;
  analyticsAutoScaling?: AutoScaling | undefined;
}

export interface ReplicationSpec {
  id: string;
  zoneId: string;
  zoneName: string;
  regionConfigs: RegionConfig[];
}

/** `tenant` is M0; `flex` has an API of its own. */
export type ClusterKind = "dedicated" | "tenant" | "flex";

/** The part of a cluster that an upgrade to another kind replaces. */
export interface ClusterBody {
  id: string;
  kind: ClusterKind;
  createDate: string;
  replicationSpecs: ReplicationSpec[];
  settings: Record<string, unknown>;
}

export interface Cluster extends ClusterBody {
  groupId: string;
  name: string;
  terminationProtectionEnabled: boolean;
  tags: Tags;
  labels: Tags;
  processArgs: Record<string, unknown>;
  /** Changes of its backup schedule. */
  schedule?: Schedule;
  /** Whoever deletes it wants its snapshots to stay. */
  retainBackups?: boolean;
  /** When its pause ended; milliseconds since 1970. */
  resumedAt?: number;
  /** What it is busy with; without it the cluster is IDLE. */
  pending?:
    | {
        stateName: "CREATING" | "UPDATING" | "DELETING";
        /** Milliseconds since 1970. */
        until: number;
        /** What an upgrade turns it into. */
        becomes?: ClusterBody;
      }
    | undefined;
}

export interface PolicyItem {
  id?: string;
  frequencyType: "hourly" | "daily" | "weekly" | "monthly" | "yearly";
  frequencyInterval: number;
  retentionUnit: "days" | "weeks" | "months" | "years";
  retentionValue: number;
}
/** The other members are kept as they are sent, and answered again. */
export interface Schedule {
  [setting: string]: unknown;
  restoreWindowDays?: number;
  policies?: { id?: string; policyItems: PolicyItem[] }[];
}
export interface ComplianceRequest {
  authorizedEmail: string;
  authorizedUserFirstName: string;
  authorizedUserLastName: string;
  pitEnabled?: boolean;
  restoreWindowDays?: number;
  onDemandPolicyItem?: Pick<PolicyItem, "retentionUnit" | "retentionValue">;
  scheduledPolicyItems?: PolicyItem[];
}

/** What a snapshot is, besides when and of what it was taken. */
export interface SnapshotOf {
  snapshotType: "onDemand" | "scheduled";
  frequencyType?: PolicyItem["frequencyType"];
  /** Ids of the items of the policy that asked for it. */
  policyItems?: string[];
  description?: string;
}

/** Times are milliseconds since 1970. It outlives its cluster, so that it names it. */
export interface Snapshot extends SnapshotOf {
  id: string;
  groupId: string;
  clusterName: string;
  clusterId: string;
  kind: ClusterKind;
  createdAt: number;
  doneAt: number;
  expiresAt: number;
  /** Major version; empty where the cluster has the default one. */
  version: string;
  failed?: boolean;
}

/** Times are milliseconds since 1970. */
export interface RestoreJob {
  id: string;
  groupId: string;
  clusterName: string;
  deliveryType: "automated" | "pointInTime";
  snapshotId?: string;
  pointInTimeUTCSeconds?: number;
  oplogTs?: number;
  oplogInc?: number;
  target: { groupId: string; name: string };
  createdAt: number;
  doneAt: number;
  failed?: boolean;
}

/** The databases behind the clusters, as far as they are copied; without any there is the model alone. */
export interface Copies {
  take(cluster: Pick<Cluster, "groupId" | "name">, snapshot: string): Promise<void>;
  drop(cluster: Pick<Cluster, "groupId" | "name">, snapshot: string): void;
  /** @param what a snapshot, or a moment in milliseconds since 1970 */
  restore(
    source: Pick<Cluster, "groupId" | "name">,
    what: { snapshot: string } | { at: number },
    target: Pick<Cluster, "groupId" | "name">,
  ): Promise<void>;
  /** Since when a cluster can be restored to a moment, in milliseconds since 1970. */
  since(cluster: Cluster): number | undefined;
}

/** Whether it is being made, changed or deleted now, or is gone. */
export const isBusy = ({ pending }: Pick<Cluster, "pending">): boolean =>
  pending !== undefined && (pending.stateName === "DELETING" || pending.until > Date.now());

/** The network of one provider's region in a project. */
export interface Container {
  id: string;
  groupId: string;
  providerName: string;
  regionName: string;
}

export type Role = { roleName: string; databaseName: string; collectionName?: string };
type Scope = { name: string; type: string };
export interface DatabaseUser {
  groupId: string;
  username: string;
  databaseName: string;
  password?: string;
  roles: Role[];
  scopes: Scope[];
  labels: Tags;
  description?: string;
  x509Type?: string;
  ldapAuthType?: string;
  awsIAMType?: string;
  oidcAuthType?: string;
}

export interface AccessEntry {
  groupId: string;
  /** One address is a block of one. */
  cidrBlock: string;
  comment: string;
}

export interface AlertConfig {
  id: string;
  groupId: string;
  created: string;
  updated: string;
  eventTypeName: string;
  enabled?: boolean;
  matchers?: object[];
  metricThreshold?: object;
  notifications: {
    typeName: string;
    emailAddress?: string;
    emailEnabled?: boolean | undefined;
    smsEnabled?: boolean | undefined;
    roles?: string[] | undefined;
    [setting: string]: unknown;
  }[];
}

/** Where a cluster's database can be reached, without user and password. */
export interface ConnectionStrings {
  /** `mongodb://`, with every host. */
  standard: string;
  /** `mongodb+srv://`, which is what Atlas shows first; a stand-in without DNS may give a `mongodb://` here too. */
  standardSrv: string;
}

/** What takes how long, in milliseconds; 0 by default. */
export interface AtlasTimes {
  /** Until a cluster is there, changed or gone. */
  provisioning?: number;
  /** Until a project's clusters know a new or changed user. */
  applying?: number;
  /** Until a snapshot or a restore is done. */
  backups?: number;
}

const none: Copies = {
  take: async () => {},
  drop: () => {},
  restore: async () => {},
  since: ({ createDate }) => Date.parse(createDate),
};

export interface AtlasOptions extends StoreOptions, AtlasTimes {
  /** The one organization that exists, 24 hexadecimal digits; made up by default. */
  orgId?: string;
  /** Where a cluster's database can be reached. */
  connectionString?: (cluster: Cluster) => ConnectionStrings;
  /** How the databases behind are copied; there are none by default. */
  copies?: Copies;
}

/** What the parts of the cloud share. */
export class AtlasContext {
  readonly times: Required<AtlasTimes>;
  readonly copies: Copies;
  readonly connection: (cluster: Cluster) => ConnectionStrings;
  /** Who makes the call that is being answered. */
  readonly actor = new AsyncLocalStorage<Actor>();
  private readonly store: Store<AtlasState>;

  constructor(options: AtlasOptions) {
    const { orgId, provisioning = 0, applying = 0, backups = 0, copies = none } = options;
    this.connection = options.connectionString ?? nowhere;
    this.store = new Store(options, {
      orgId: orgId ?? newId(),
      ...{ projects: [], clusters: [], containers: [], users: [], accessList: [] },
      ...{ events: [], alerts: [], snapshots: [], restoreJobs: [] },
    });
    if (orgId !== undefined) this.data.orgId = orgId;
    this.save();
    this.times = { provisioning, applying, backups };
    this.copies = copies;
  }

  get data(): AtlasState {
    return this.store.data;
  }

  save(): void {
    this.store.save();
  }

  /** Notes it in the project's feed. */
  happened(
    eventTypeName: ProjectEvent["eventTypeName"],
    groupId: string,
    about: Pick<ProjectEvent, "clusterName" | "dbUserUsername" | "whitelistEntry"> = {},
  ): void {
    const actor = this.actor.getStore();
    const event = { id: newId(), created: timestamp(), eventTypeName, groupId };
    this.data.events.push({ ...event, ...(actor && { actor }), ...about });
  }

  /** The project, or Atlas' refusal. */
  project(groupId: string): Project {
    const project = this.data.projects.find(({ id }) => id === groupId);
    if (project !== undefined) return project;
    throw new AtlasError(isId(groupId) ? "GROUP_NOT_FOUND" : "INVALID_GROUP_ID", groupId);
  }

  /** What a project has of a kind, in the order in which it was made. */
  of<Kind extends Owned>(kind: Kind, groupId: string): AtlasState[Kind] {
    this.project(groupId);
    const all: { groupId: string }[] = this.data[kind];
    return all.filter((one) => one.groupId === groupId) as AtlasState[Kind];
  }

  /** Takes one thing out. */
  drop<Kind extends Owned>(kind: Kind, gone: AtlasState[Kind][number]): void {
    const all: object[] = this.data[kind];
    all.splice(all.indexOf(gone), 1);
    this.save();
  }
}

/** Kinds of things that belong to a project. */
export type Owned = Exclude<keyof AtlasState, "orgId" | "projects">;

/** A part of the cloud. */
export class Part {
  protected readonly context: AtlasContext;

  constructor(context: AtlasContext) {
    this.context = context;
  }
}

/** A page of a list; `totalCount` counts all, not only this page. */
export function page(all: unknown[], query: Query): object {
  const { includeCount = "true", pageNum = "1", itemsPerPage = "100" } = query;
  const size = Math.min(Math.max(Number(itemsPerPage) || 100, 1), 500);
  const start = (Math.max(Number(pageNum) || 1, 1) - 1) * size;
  const results = all.slice(start, start + size);
  return { links: [], results, ...(includeCount === "true" && { totalCount: all.length }) };
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

/** 24 hexadecimal digits, the seconds first, as Atlas' ids are. */
export function newId(): string {
  const seconds = Math.floor(Date.now() / 1000);
  return seconds.toString(16).padStart(8, "0") + randomBytes(8).toString("hex");
}

export const isId = (text: string) => /^[0-9a-f]{24}$/.test(text);

/** Now, to the second, as Atlas writes it. */
export const timestamp = () => dateOf(Date.now());

/** A moment, in milliseconds since 1970, as Atlas writes it. */
export const dateOf = (moment: number) => new Date(moment).toISOString().replace(/\.\d+Z$/, "Z");
