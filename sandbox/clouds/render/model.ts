/** Render's cloud as data: what exists, and the rules of every kind of thing in it. No HTTP here. */
import { randomBytes } from "node:crypto";
import { Store, type StoreOptions } from "../store.ts";
import { found, RenderError } from "./refusals.ts";

export interface AllowedBlock {
  cidrBlock: string;
  description: string;
}

export interface EnvVar {
  key: string;
  value: string;
}

export interface SecretFile {
  name: string;
  content: string;
}

export const serviceTypes = ["web_service", "background_worker", "private_service", "cron_job"] as const;

/** The details differ by type; all of them are kept. */
interface ServiceDetails {
  [detail: string]: unknown;
  region?: string;
  plan?: string;
  numInstances?: number;
  schedule?: string;
}

/** What a deploy runs, and how far it is. Statuses: https://api-docs.render.com/reference/list-deploys */
export interface Deploy {
  id: string;
  serviceId: string;
  status:
    | "created"
    | "build_in_progress"
    | "pre_deploy_in_progress"
    | "update_in_progress"
    | "live"
    | "build_failed"
    | "pre_deploy_failed"
    | "update_failed"
    | "canceled"
    | "deactivated";
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  commit?: { id: string; message: string; createdAt: string };
  image?: { ref: string; sha: string };
  /** The variables that the deploy was started with. Never part of an answer. */
  variables: Record<string, string>;
}

/** What has an id and dates. */
interface Made {
  id: string;
  createdAt: string;
  updatedAt: string;
}

/** A service; `details` are Render's `serviceDetails` as they were sent, with defaults filled in. */
export interface Service extends Made {
  name: string;
  type: (typeof serviceTypes)[number];
  repo?: string;
  branch?: string;
  autoDeployTrigger?: string;
  environmentId?: string;
  buildFilter?: { paths: readonly string[] | null; ignoredPaths: readonly string[] | null };
  /** Its first name, which a change of the name leaves. */
  slug?: string;
  imagePath?: string;
  rootDir: string;
  details: ServiceDetails;
  envVars: EnvVar[];
  secretFiles?: SecretFile[];
  notifications?: Record<string, string>;
  suspended?: boolean;
  disk?: Disk;
}

/** The command that runs before a deploy is swapped in; it stands among the environment's details. */
export function preDeployCommandOf({ details }: Service): string | undefined {
  const { preDeployCommand } = (details.envSpecificDetails ?? {}) as Service["details"];
  return preDeployCommand ? String(preDeployCommand) : undefined;
}

/** A service's disk; https://render.com/docs/disks */
export interface Disk extends Made {
  name: string;
  mountPath: string;
  sizeGB: number;
}

/** Where the log of one thing goes, in place of what the workspace says. The token is never kept. */
export interface LogStream {
  setting: "send" | "drop";
  endpoint?: string;
}

export interface Postgres extends Made {
  name: string;
  plan: string;
  region: string;
  version: string;
  databaseName: string;
  databaseUser: string;
  password: string;
  /** When the default user, `databaseUser`, was made; with the database unless it says otherwise. */
  userCreatedAt?: string;
  /** Users besides the default one; see credentials.ts. */
  otherUsers?: PostgresUser[];
  /** Those that were deleted: a moment before that has them still. */
  endedUsers?: { username: string; createdAt: string; endedAt: string }[];
  /** When it is there; milliseconds since 1970. Before that it is being created. */
  readyAt?: number;
  diskSizeGB: number;
  enableDiskAutoscaling?: boolean;
  connectionPool?: string;
  parameterOverrides?: Record<string, string>;
  environmentId?: string;
  /** What it was when it was made: another one at a moment, in milliseconds since 1970. */
  recoveredFrom?: { id: string; at: number };
  /** See recovery.ts. */
  exports?: { id: string; createdAt: string; readyAt?: number }[];
  /** When the disk was last made larger, by a call; milliseconds since 1970. */
  diskGrewAt?: number;
  highAvailabilityEnabled: boolean;
  readReplicas: ({ id: string } & Replica)[];
  ipAllowList: readonly AllowedBlock[];
}

export interface Replica {
  name: string;
  parameterOverrides?: Record<string, string>;
}

/** A user that Render manages. The password is shown of the default one only. */
interface PostgresUser {
  username: string;
  password: string;
  createdAt: string;
}

export interface KeyValue extends Made {
  name: string;
  plan: string;
  region: string;
  maxmemoryPolicy: string;
  persistenceMode: string;
  password: string;
  environmentId?: string;
  /** As of a Postgres. Its provider does not wait for it. */
  readyAt?: number;
  /** When a paid one took the place of a free one, whose data is gone; milliseconds since 1970. */
  madeAnewAt?: number;
  ipAllowList: readonly AllowedBlock[];
}

export interface EnvGroup extends Made {
  name: string;
  envVars: EnvVar[];
  secretFiles?: SecretFile[];
  environmentId?: string;
  serviceIds: string[];
}

/** A collection of environments; https://render.com/docs/projects */
export interface Project extends Made {
  name: string;
}

export interface Environment extends Made {
  projectId: string;
  name: string;
  protectedStatus: string;
  networkIsolationEnabled: boolean;
  ipAllowList: readonly AllowedBlock[];
}

/** Outbound addresses of the workspace's own; those of some environments, or of all that runs in the region. */
export interface DedicatedIp extends Made {
  name: string;
  description: string;
  region: string;
  environmentIds: string[];
  /** Shown once they are there. */
  ips: string[];
  /** As of a Postgres. */
  readyAt?: number;
}

/** A command that runs once, as a service would; https://render.com/docs/one-off-jobs */
export interface Job {
  id: string;
  serviceId: string;
  startCommand: string;
  planId: string;
  status: "pending" | "running" | "succeeded" | "failed" | "canceled";
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
}

/** A line that something printed. */
export interface PrintedLine {
  timestamp: string;
  message: string;
}

/** Whom a workspace's notifications reach, and what they are about. */
export interface OwnerNotifications {
  emailEnabled?: boolean;
  notificationsToSend?: string;
  previewNotificationsEnabled?: boolean;
}

/** What is kept by its id. */
export interface Kinds {
  services: Service;
  postgres: Postgres;
  keyValues: KeyValue;
  envGroups: EnvGroup;
  projects: Project;
  environments: Environment;
  dedicatedIps: DedicatedIp;
  /** By the id of the service or database. */
  logStreams: LogStream;
}

type Things = { [Kind in keyof Kinds]: Record<string, Kinds[Kind]> };

/** All that exists. */
export type RenderState = Things & {
  deploys: Deploy[];
  jobs: Job[];
  /** What is set of the workspace's notifications. */
  notifications: OwnerNotifications;
};

/** Where the databases behind the stand-in listen, so that connection strings lead to them. */
interface Endpoints {
  postgres(database: Postgres): { host: string; port?: number };
  keyValue(database: KeyValue): { host: string; port: number };
}

/** Boots what a deploy would run; resolves to whether it came up, or was overtaken by a newer one. */
type Boot = (
  service: Service,
  deploy: Deploy,
) => Promise<"live" | "update_failed" | "pre_deploy_failed" | "canceled">;

export interface RenderOptions extends StoreOptions {
  /** The workspace that owns everything. */
  ownerId: string;
  /** Milliseconds until a database is available; 0 by default. */
  provisioning?: number;
  /** Milliseconds that a deploy waits for its turn, answered with 202 and no body; 0: none waits. Recorded: 16 of 46 did. */
  queue?: number;
  /** Host names as Render would give them by default; nobody answers there. */
  endpoints?: Endpoints;
  /** Milliseconds back from now: how far a Postgres can be recovered, 7 days unless said, and how near to now, 10 minutes. */
  recoveryWindow?: number;
  recoveryLag?: number;
  /** Since when a Postgres can be recovered, in milliseconds since 1970; by default since it was made. */
  recoverableSince?: (database: Postgres) => number | undefined;
  /** What a deploy does; by default every deploy is live at once. */
  boot?: Boot;
  /** How many sessions a user of a Postgres has; 0 by default. */
  sessions?: (database: Postgres, username: string) => Promise<number>;
  /** Ends what a deleted or suspended service runs. */
  stop?: (serviceId: string) => void;
  /** What a job does; by default it has nothing to do. */
  job?: (service: Service, job: Job, variables: Record<string, string>) => Promise<"succeeded" | "failed">;
  /** Ends it early. */
  stopJob?: (jobId: string) => void;
  /** What a service's deploys or a job have printed, oldest first, as they printed it: logs hide no secrets. */
  lines?: (resource: string) => PrintedLine[];
  /** Milliseconds until a line is in the log; 0 by default. */
  logDelay?: number;
  /** Milliseconds since 1970; the machine's clock by default. */
  clock?: () => number;
}

const defaults = {
  provisioning: 0,
  queue: 0,
  endpoints: {
    postgres: ({ id }: Postgres) => ({ host: id }),
    keyValue: ({ id }: KeyValue) => ({ host: id, port: 6379 }),
  },
  recoveryWindow: 7 * 24 * 3_600_000,
  recoveryLag: 10 * 60_000,
  recoverableSince: ({ createdAt }: Postgres): number | undefined => Date.parse(createdAt),
  boot: async () => "live" as const,
  sessions: async () => 0,
  stop: () => {},
  job: async () => "succeeded" as const,
  stopJob: () => {},
  lines: () => [],
  logDelay: 0,
  clock: Date.now,
};

const nothing = (): RenderState => ({
  ...{ services: {}, postgres: {}, keyValues: {}, envGroups: {} },
  ...{ projects: {}, environments: {}, dedicatedIps: {}, logStreams: {} },
  ...{ deploys: [], jobs: [], notifications: {} },
});

/** The state and what all kinds of things share; each kind has a file of its own. */
export class RenderCloud {
  readonly ownerId: string;
  /** What stands behind it. */
  readonly behind: Required<Omit<RenderOptions, keyof StoreOptions | "ownerId">>;
  private readonly store: Store<RenderState>;

  constructor({ file, changed, ownerId, ...behind }: RenderOptions) {
    this.ownerId = ownerId;
    this.behind = { ...defaults, ...behind };
    this.store = new Store({ file, changed }, nothing());
  }

  get state(): RenderState {
    return this.store.data;
  }

  /** @throws RenderError for what there is not */
  get<Kind extends keyof Kinds>(kind: Kind, id: string): Kinds[Kind] {
    return found((this.state as Things)[kind][id], id);
  }

  all<Kind extends keyof Kinds>(kind: Kind): Kinds[Kind][] {
    return Object.values((this.state as Things)[kind]);
  }

  add<Kind extends keyof Kinds, Thing extends Kinds[Kind] & Made>(kind: Kind, thing: Thing): Thing {
    Object.assign(this.state[kind], { [thing.id]: thing });
    this.save();
    return thing;
  }

  /** @throws RenderError for what there is not */
  remove(kind: keyof Kinds, id: string): void {
    this.get(kind, id);
    delete this.state[kind][id];
    this.save();
  }

  /** @throws RenderError for a workspace that the key cannot see; the words are ours */
  own<T extends { ownerId: string }>(request: T): T {
    if (request.ownerId === this.ownerId) return request;
    throw new RenderError(400, `invalid ownerId: ${request.ownerId}`);
  }

  /** When what is made now is there; undefined: at once. Whoever lists things sees it come. */
  readyAt(): { readyAt?: number } {
    const { provisioning } = this.behind;
    if (provisioning === 0) return {};
    setTimeout(() => this.save(), provisioning).unref();
    return { readyAt: Date.now() + provisioning };
  }

  save(): void {
    this.store.save();
  }

  /** Saves a change of one thing. */
  touched<T extends Made>(thing: T, change: Partial<T> = {}): T {
    Object.assign(thing, change, { updatedAt: now() });
    this.save();
    return thing;
  }
}

export const isThere = ({ readyAt = 0 }: { readyAt?: number }) => readyAt <= Date.now();

/** Of a database. */
export const databaseStatus = (database: { readyAt?: number }) =>
  isThere(database) ? "available" : "creating";

/** Prefix and 20 letters and digits. */
export const newId = (prefix: string) => `${prefix}-${randomText(20)}`;

/** 32 letters and digits. */
export const newPassword = () => randomText(32);

export function randomText(length: number): string {
  const letters = "0123456789abcdefghijklmnopqrstuv";
  return [...randomBytes(length)].map((byte) => letters[byte % letters.length]).join("");
}

/** What everything has when it is made. */
export const made = (prefix: string, suffix = "") => ({
  id: newId(prefix) + suffix,
  createdAt: now(),
  updatedAt: now(),
});

export const now = () => new Date().toISOString();
