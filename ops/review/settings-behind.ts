/**
 * Which setting stands behind a property of a resource: what somebody changed at the vendor is kept by changing that. What
 * no setting stands behind, nobody but the vendor keeps.
 */
import { type KindName, kinds, type Section } from "../../infra/resources.ts";

/** How a change of a property is kept. */
interface Behind {
  /** Below `kairos:`; `backend[]` is the service's own entry. */
  setting: string;
  /** What the setting has to say for what the vendor says; without, it is one to think about. */
  says?: (vendor: string) => string | undefined;
  /** The value may hold a secret, such as a command line: it is not shown. */
  hidden?: true;
}

const direct = (setting: string): Behind => ({ setting, says: (vendor) => vendor });
/** To be thought about, or to be written by hand: no one value of the vendor's is the setting's. */
const byHand = (setting: string): Behind => ({ setting });
const hidden = (setting: string): Behind => ({ setting, hidden: true });

const service = {
  name: byHand("backend[].name"),
  plan: direct("backend[].plan"),
  numInstances: direct("backend[].instances"),
  healthCheckPath: direct("backend[].healthCheck"),
  schedule: byHand("backend[].schedule"),
  runtimeSource: hidden("backend[].source"),
  rootDirectory: hidden("backend[].source.root"),
  startCommand: hidden("backend[].start"),
  envVars: hidden("backend[].variables"),
} as const;

/** By kind and property. A property that is not in it has no setting. */
export const settingsBehind: { readonly [K in KindName]?: Readonly<Record<string, Behind>> } = {
  project: { name: byHand("mongodb.project.name") },
  cluster: {
    replicationSpecs: byHand("mongodb.tier"),
    mongoDbMajorVersion: byHand("mongodb.version"),
    versionReleaseSystem: byHand("mongodb.version"),
    terminationProtectionEnabled: { setting: "mongodb.leave", says: () => "terminationProtection" },
    backupEnabled: { setting: "mongodb.leave", says: () => "backup" },
    pitEnabled: { setting: "mongodb.leave", says: () => "backup" },
  },
  user: { roles: byHand("mongodb.database"), scopes: byHand("mongodb.name") },
  postgres: {
    name: direct("postgres.name"),
    plan: direct("postgres.plan"),
    // `pulumi config set --path` would make a number of it, and the setting is a text.
    version: byHand("postgres.version"),
    diskSizeGb: { setting: "postgres.disk", says: (gb) => `${gb}GB` },
    highAvailabilityEnabled: direct("postgres.highAvailability"),
    readReplicas: byHand("postgres.readReplicas"),
    ipAllowLists: byHand("postgres.accessList"),
    databaseUser: byHand("postgres.user"),
  },
  keyValue: {
    name: direct("redis.name"),
    plan: direct("redis.plan"),
    maxMemoryPolicy: direct("redis.maxmemoryPolicy"),
    persistenceMode: direct("redis.persistence"),
    ipAllowLists: byHand("redis.accessList"),
  },
  upstash: {
    databaseName: direct("redis.name"),
    eviction: direct("redis.eviction"),
    budget: direct("redis.budget"),
    readRegions: byHand("redis.readRegions"),
    ipAllowlists: byHand("redis.accessList"),
  },
  subscription: { name: direct("redis.subscription"), planId: byHand("redis.plan") },
  redisCloud: {
    name: direct("redis.name"),
    dataEviction: direct("redis.eviction"),
    dataPersistence: direct("redis.persistence"),
    replication: direct("redis.replication"),
  },
  envGroup: { envVars: hidden("backend[].variables") },
  web: service,
  private: service,
  worker: service,
  cron: service,
};

/** How the stack does without what is gone, where it can. */
const without: Partial<Record<Section, string>> = {
  postgres: "set kairos:postgres.enabled to false, and its name in kairos:postgres.mayBeDestroyed",
  redis: "set kairos:redis.provider to none, and its name in kairos:redis.mayBeDestroyed",
  backend: "take the service out of kairos:backend, or set untouched to true where it is linked",
};

/** Whether a property's values may be shown. */
export function isShown(kind: KindName, property: string): boolean {
  const behind = settingsBehind[kind]?.[property];
  return behind !== undefined && behind.hidden !== true;
}

/** What to keep. */
interface Wanted {
  stack: string;
  kind: KindName | undefined;
  property?: string | undefined;
  /** What the vendor has, where the property is one plain value that may be shown. */
  vendor?: string | undefined;
  /** Of a service: its place in `kairos:backend`. */
  index?: number | undefined;
}

/** The command, or the step, that keeps what the vendor has; undefined where no setting can. */
export function keeping({ stack, kind, property, vendor, index }: Wanted): string | undefined {
  if (kind === undefined) return undefined;
  if (property === undefined)
    return kind === "access"
      ? "take the entry out of kairos:mongodb.accessList"
      : without[kinds[kind].section];
  const behind = settingsBehind[kind]?.[property];
  if (behind === undefined) return undefined;
  const setting = `kairos:${behind.setting.replace("[]", index === undefined ? "[…]" : `[${index}]`)}`;
  const value = vendor === undefined ? undefined : behind.says?.(vendor);
  if (behind.setting === "mongodb.leave") return `add ${value ?? "it"} to ${setting} of Pulumi.${stack}.yaml`;
  if (value === undefined || setting.includes("…")) return `change ${setting} of Pulumi.${stack}.yaml`;
  return `pulumi config set --stack ${stack} --path '${setting}' ${/^[\w./-]+$/.test(value) ? value : `'${value}'`}`;
}
