/** What the cloud remembers, and what its parts share. */
import { randomBytes } from "node:crypto";
import type { Store } from "../store.ts";
import { AtlasError } from "./error.ts";
import type { AutoScaling, Role, Scope, Specs, Tags } from "./requests.ts";

export interface AtlasState {
  orgId: string;
  projects: Project[];
  clusters: Cluster[];
  containers: Container[];
  users: DatabaseUser[];
  accessList: AccessEntry[];
}

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

export interface DatabaseUser {
  groupId: string;
  username: string;
  /** Where the user logs in: `admin`, or `$external` for one without password. */
  databaseName: string;
  password?: string | undefined;
  roles: Role[];
  scopes: Scope[];
  labels: Tags;
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
    throw new AtlasError(isId(groupId) ? "GROUP_NOT_FOUND" : "INVALID_GROUP_ID", groupId);
  }
}

/** A part of the cloud. */
export class Part {
  protected readonly context: AtlasContext;

  constructor(context: AtlasContext) {
    this.context = context;
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
