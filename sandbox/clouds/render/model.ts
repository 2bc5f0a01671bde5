/** Render's cloud as data: what exists, and the rules of every kind of thing in it. No HTTP here. */
import { Store, type StoreOptions } from "../store.ts";
import { now } from "./ids.ts";
import type { AllowedBlock, EnvVar, ServiceRequest } from "./requests.ts";

/** What a deploy runs, and how far it is. Statuses: https://api-docs.render.com/reference/list-deploys */
export interface Deploy {
  id: string;
  serviceId: string;
  status:
    | "created"
    | "build_in_progress"
    | "update_in_progress"
    | "live"
    | "build_failed"
    | "update_failed"
    | "canceled"
    | "deactivated";
  createdAt: string;
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
  type: ServiceRequest["type"];
  name: string;
  repo?: string;
  branch?: string;
  autoDeployTrigger?: string;
  imagePath?: string;
  rootDir: string;
  details: Record<string, unknown>;
  envVars: EnvVar[];
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
  status: "creating" | "available";
  diskSizeGB: number;
  highAvailabilityEnabled: boolean;
  readReplicas: { id: string; name: string }[];
  ipAllowList: AllowedBlock[];
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
  ipAllowList: AllowedBlock[];
}

export interface EnvGroup extends Made {
  name: string;
  envVars: EnvVar[];
  serviceIds: string[];
}

/** All that exists, by id. */
export interface RenderState {
  services: Record<string, Service>;
  deploys: Deploy[];
  postgres: Record<string, Postgres>;
  keyValues: Record<string, KeyValue>;
  envGroups: Record<string, EnvGroup>;
}

/** Where the databases behind the stand-in listen, so that connection strings lead to them. */
interface Endpoints {
  postgres(database: Postgres): { host: string; port?: number };
  keyValue(database: KeyValue): { host: string; port: number };
}

/** Boots what a deploy would run; resolves to whether it came up, or was overtaken by a newer one. */
type Boot = (service: Service, deploy: Deploy) => Promise<"live" | "update_failed" | "canceled">;

export interface RenderOptions extends StoreOptions {
  /** The workspace that owns everything. */
  ownerId: string;
  /** Milliseconds until a database is available; 0 by default. */
  provisioning?: number;
  /** Milliseconds that a deploy waits for its turn, answered with 202 and no body; 0: none waits. Recorded: 16 of 46 did. */
  queue?: number;
  /** Host names as Render would give them by default; nobody answers there. */
  endpoints?: Endpoints;
  /** What a deploy does; by default every deploy is live at once. */
  boot?: Boot;
  /** How many sessions a user of a Postgres has; 0 by default. */
  sessions?: (database: Postgres, username: string) => Promise<number>;
  /** Ends what a deleted service runs. */
  stop?: (serviceId: string) => void;
}

const defaults = {
  provisioning: 0,
  queue: 0,
  endpoints: {
    postgres: ({ id }: Postgres) => ({ host: id }),
    keyValue: ({ id }: KeyValue) => ({ host: id, port: 6379 }),
  },
  boot: async () => "live" as const,
  sessions: async () => 0,
  stop: () => {},
};

/** The state and what all kinds of things share. The kinds are in services.ts, databases.ts and env-groups.ts. */
export class RenderCloud {
  readonly ownerId: string;
  /** What stands behind it. */
  readonly behind: Required<Omit<RenderOptions, keyof StoreOptions | "ownerId">>;
  private readonly store: Store<RenderState>;

  constructor({ file, changed, ownerId, ...behind }: RenderOptions) {
    this.ownerId = ownerId;
    this.behind = { ...defaults, ...behind };
    const initial = { services: {}, deploys: [], postgres: {}, keyValues: {}, envGroups: {} };
    this.store = new Store({ file, changed }, initial);
  }

  get state(): RenderState {
    return this.store.data;
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
