/** What an adoption finds, chooses and says. */

import type { Vendor } from "../../vendors/http.ts";

/** What exists, as far as it can be taken over. Holds secrets: connection strings and values of variables. */
export interface Inventory {
  projects: AtlasProject[];
  services: RenderService[];
  postgres: RenderPostgres[];
  redis: Redis[];
  /** Vendors of Redis that were not asked, since there is no key for them. */
  notAsked: Vendor[];
}

export interface AtlasProject {
  id: string;
  name: string;
  clusters: AtlasCluster[];
  users: AtlasUser[];
  accessList: AccessEntry[];
}

export interface AtlasCluster {
  name: string;
  /** `M0`, `FLEX`, `M10` …; undefined where regions differ in it. */
  tier: string | undefined;
  /** Atlas' name of the only region; undefined when there are several, or another cloud than AWS. */
  region: string | undefined;
  /** Hosts of its connection strings, each with its port where it has one. */
  hosts: string[];
  connectionString: string;
  terminationProtection: boolean;
  /** Dedicated tiers only. */
  backup?: { snapshots: boolean; pointInTime: boolean };
  /** Compute follows the load between two tiers. */
  autoscale?: { from: string; to: string };
}

/** A user with a password; others cannot be given to a backend by URL. */
export interface AtlasUser {
  name: string;
  /** `role@database`, with the collection where there is one. */
  roles: string[];
  /** Names of the clusters; empty: all. */
  scopes: string[];
}

export interface AccessEntry {
  cidr: string;
  comment: string;
}

export interface RenderService {
  id: string;
  name: string;
  type: string;
  region: string;
}

export interface RenderPostgres {
  id: string;
  name: string;
  plan: string;
  version: string;
  region: string;
  database: string;
  user: string;
  highAvailability: boolean;
  readReplicas: string[];
  accessList: AccessEntry[];
  /** URLs with credentials. Secret. */
  internal: string;
  external: string;
}

/** A Redis, whoever runs it. */
export type Redis =
  | {
      provider: "upstash";
      id: string;
      name: string;
      /** `global`, or the region of a kind that Upstash no longer makes. */
      region: string;
      primaryRegion: string;
      readRegions: string[];
      tls: boolean;
      eviction: boolean;
      budget: number;
      /** With credentials. Secret. */
      url: string;
    }
  | {
      provider: "render";
      id: string;
      name: string;
      plan: string;
      region: string;
      maxmemoryPolicy: string;
      persistence: string;
      accessList: AccessEntry[];
      url: string;
      externalUrl: string;
    }
  | {
      provider: "redis-cloud";
      /** `<subscription>/<database>`. */
      id: string;
      name: string;
      subscription: string;
      plan: string;
      /** `AWS us-west-2`. */
      place: string;
      paymentMethod: number | undefined;
      eviction: string;
      persistence: string;
      replication: boolean;
      tls: boolean;
      password: string;
      url: string;
    }
  | { provider: "external"; id: "external"; name: string; url: string };

/** A variable that reaches a service, and who sets it: the service itself, or an env group by name. */
export interface ServiceVariable {
  value: string;
  group?: string;
}
export type ServiceVariables = Readonly<Record<string, ServiceVariable>>;

/** Something that the stack would do differently, and the setting that leaves it as it is. Holds no secret. */
export interface Difference {
  what: string;
  is: string;
  /** What the stack would make of it, by itself. */
  wouldBe: string;
  /** The setting that keeps it; undefined where nothing is changed by keeping it out of the stack. */
  keptBy: string;
}

/** One thing that exists, for the table. */
export interface Row {
  vendor: Vendor | "elsewhere";
  kind: string;
  name: string;
  id: string;
  chosen: boolean;
  /** Why, or what becomes of it. */
  note: string;
}

/** What a service has of the contract's variables, beside what the stack would give it. Holds no secret. */
export interface VariableRow {
  service: string;
  variable: string;
  /** `the service`, `env group <name>`, or `nobody`. */
  setBy: string;
  /** `same`, or in words what differs. */
  comparison: string;
}

/** A settings value that has to be encrypted in the stack file. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** In clear. */
  open(): string {
    return this.#value;
  }
  toJSON(): string {
    return "[secret]";
  }
  toString(): string {
    return "[secret]";
  }
}
