/** What the cloud remembers, and what its parts share. */
import { randomBytes } from "node:crypto";
import type { Store } from "../store.ts";
import { AtlasError } from "./error.ts";

export interface AtlasState {
  orgId: string;
  projects: Project[];
  clusters: Cluster[];
  containers: Container[];
  users: DatabaseUser[];
  accessList: AccessEntry[];
}

export interface Tag {
  key: string;
  value: string;
}

export interface Project {
  id: string;
  orgId: string;
  name: string;
  created: string;
  tags: Tag[];
  withDefaultAlertsSettings: boolean;
  settings: Record<string, boolean>;
  limits: { name: string; value: number }[];
  managedSlowMs: boolean;
}

/** What the nodes of one kind are made of. */
export interface Hardware {
  instanceSize: string;
  nodeCount?: number | undefined;
  diskSizeGB?: number | undefined;
  diskIOPS?: number | undefined;
  ebsVolumeType?: string | undefined;
}

/** Nodes by kind: those that can become primary, and the others. */
export interface Specs {
  electableSpecs?: Hardware | undefined;
  readOnlySpecs?: Hardware | undefined;
  analyticsSpecs?: Hardware | undefined;
}

export interface AutoScaling {
  compute: {
    enabled: boolean;
    scaleDownEnabled: boolean;
    minInstanceSize?: string | undefined;
    maxInstanceSize?: string | undefined;
  };
  diskGB: { enabled: boolean };
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
  tags: Tag[];
  labels: Tag[];
  processArgs: Record<string, unknown>;
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

/** The network of one provider's region in a project. */
export interface Container {
  id: string;
  groupId: string;
  providerName: string;
  regionName: string;
}

export interface Role {
  roleName: string;
  databaseName: string;
  collectionName?: string | undefined;
}

export interface Scope {
  name: string;
  type: string;
}

export interface DatabaseUser {
  groupId: string;
  username: string;
  /** Where the user logs in: `admin`, or `$external` for one without password. */
  databaseName: string;
  password?: string | undefined;
  roles: Role[];
  scopes: Scope[];
  labels: Tag[];
  description?: string | undefined;
  x509Type: string;
  ldapAuthType: string;
  awsIAMType: string;
  oidcAuthType: string;
}

export interface AccessEntry {
  groupId: string;
  /** One address is a block of one. */
  cidrBlock: string;
  comment: string;
}

/** What the parts of the cloud share. */
export class AtlasContext {
  readonly store: Store<AtlasState>;
  /** How long a cluster takes, in milliseconds. */
  readonly provisioning: number;

  constructor(store: Store<AtlasState>, provisioning: number) {
    this.store = store;
    this.provisioning = provisioning;
  }

  get data(): AtlasState {
    return this.store.data;
  }

  /** The project, or Atlas' refusal. */
  project(groupId: string): Project {
    const project = this.data.projects.find(({ id }) => id === groupId);
    if (project !== undefined) return project;
    if (!isId(groupId))
      throw new AtlasError(404, "INVALID_GROUP_ID", `An invalid group ID ${groupId} was specified.`, groupId);
    throw new AtlasError(404, "GROUP_NOT_FOUND", `No group with ID ${groupId} exists.`, groupId);
  }
}

/** 24 hexadecimal digits, the seconds first, as Atlas' ids are. */
export function newId(): string {
  const seconds = Math.floor(Date.now() / 1000);
  return seconds.toString(16).padStart(8, "0") + randomBytes(8).toString("hex");
}

export const isId = (text: string) => /^[0-9a-f]{24}$/.test(text);

/** Now, to the second, as Atlas writes it. */
export const timestamp = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");
