/**
 * The kinds of resource that a stack can have, told once: what people call each, whose it is, whether it holds data,
 * what replaces it, and which of its inputs says its name, its plan and its region. Protection, recovery, policies, plan,
 * cost, drawing and rotation read it.
 */

/** A resource's inputs, or outputs, as the engine has them. */
type Properties = Readonly<Record<string, unknown>>;

/** Which part of the settings a resource belongs to. */
export type Section = "mongodb" | "postgres" | "redis" | "backend";

/** A kind of plan that is priced, and judged by the policies, in its own words. */
export type PlanFamily =
  | "cluster"
  | "postgres"
  | "key-value"
  | "service"
  | "cron"
  | "dedicated-ips"
  | "upstash"
  | "redis-cloud";

/** What there is to know of a kind of resource. */
export interface ResourceKind {
  /** Pulumi's type token: a promise to the stacks that exist. */
  type: string;
  section: Section;
  /** In a word, for people; of several `#` is their number. */
  title: string;
  plural?: string;
  /** The input that names it at the vendor. */
  name?: string;
  /** Its deletion is the loss of data: protected until its name is given. */
  holdsData?: true;
  /**
   * Inputs whose change makes the provider delete it and create it anew. Sources: the providers' schemas
   * (`RequiresReplace`), verified against the real plugins.
   */
  replacedBy?: readonly string[];
  /** What is paid for, and how it is told from the inputs; none costs nothing by itself. */
  plan?: { family: PlanFamily; of: (inputs: Properties) => unknown };
  /** Where it is, by its own vendor's name. */
  region?: { vendor: "atlas" | "render" | "upstash" | "aws"; of: (inputs: Properties) => unknown };
  /** The input that names its user. */
  user?: string;
}

const input = (key: string) => (inputs: Properties) => inputs[key];
const atRender = { vendor: "render", of: input("region") } as const;
const service = (family: "service" | "cron") =>
  ({
    section: "backend",
    name: "name",
    replacedBy: ["region"],
    plan: { family, of: input("plan") },
    region: atRender,
  }) as const;

/** What stands in a plan for the number of a plan of Redis Cloud: `30MB in us-west-2`. */
export const essentialsPlan = {
  text: ({ name, region }: Properties) => `${name} in ${region}`,
  parts: (planId: unknown): string[] => (typeof planId === "string" ? planId.split(" in ") : []),
  lookup: "rediscloud:index/getEssentialsPlan:getEssentialsPlan",
};

/** Every kind, by the word that the program uses for it. */
export const kinds = {
  project: {
    type: "mongodbatlas:index/project:Project",
    section: "mongodb",
    title: "project",
    name: "name",
    replacedBy: ["orgId"],
  },
  cluster: {
    type: "mongodbatlas:index/advancedCluster:AdvancedCluster",
    section: "mongodb",
    title: "cluster",
    name: "name",
    holdsData: true,
    replacedBy: ["projectId", "name"],
    plan: { family: "cluster", of: tierOf },
    region: { vendor: "atlas", of: primaryRegionOf },
  },
  user: {
    type: "mongodbatlas:index/databaseUser:DatabaseUser",
    section: "mongodb",
    title: "user",
    name: "username",
    replacedBy: ["projectId", "username"],
    user: "username",
  },
  access: {
    type: "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList",
    section: "mongodb",
    title: "access list, 1 block",
    plural: "access list, # blocks",
    replacedBy: ["projectId", "cidrBlock"],
  },
  alert: {
    type: "mongodbatlas:index/alertConfiguration:AlertConfiguration",
    section: "mongodb",
    title: "alert",
    plural: "# alerts",
    replacedBy: ["projectId"],
  },
  backupSchedule: {
    type: "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule",
    section: "mongodb",
    title: "backup schedule",
    plural: "# backup schedules",
    replacedBy: ["projectId", "clusterName"],
  },
  backupCompliance: {
    type: "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy",
    section: "mongodb",
    title: "backup compliance policy",
    replacedBy: ["projectId"],
  },
  password: {
    type: "random:index/randomPassword:RandomPassword",
    section: "mongodb",
    title: "password (secret)",
    replacedBy: ["length", "special", "keepers"],
  },
  postgres: {
    type: "render:index/postgres:Postgres",
    section: "postgres",
    title: "Postgres",
    name: "name",
    holdsData: true,
    replacedBy: ["region", "version", "databaseName", "databaseUser"],
    plan: { family: "postgres", of: input("plan") },
    region: atRender,
    user: "databaseUser",
  },
  keyValue: {
    type: "render:index/keyvalue:Keyvalue",
    section: "redis",
    title: "Key Value",
    name: "name",
    holdsData: true,
    replacedBy: ["region"],
    plan: { family: "key-value", of: input("plan") },
    region: atRender,
  },
  upstash: {
    type: "upstash:index/redisDatabase:RedisDatabase",
    section: "redis",
    title: "Redis",
    name: "databaseName",
    holdsData: true,
    replacedBy: ["databaseName", "region", "primaryRegion"],
    // There is one: what is used is paid.
    plan: { family: "upstash", of: () => undefined },
    region: { vendor: "upstash", of: input("primaryRegion") },
  },
  subscription: {
    type: "rediscloud:index/essentialsSubscription:EssentialsSubscription",
    section: "redis",
    title: "subscription",
    name: "name",
    holdsData: true,
    // A number that is looked up, of which a state says no more; a plan has what it is looked up by.
    plan: { family: "redis-cloud", of: ({ planId }) => essentialsPlan.parts(planId)[0] },
    region: { vendor: "aws", of: ({ planId }) => essentialsPlan.parts(planId)[1] },
  },
  redisCloud: {
    type: "rediscloud:index/essentialsDatabase:EssentialsDatabase",
    section: "redis",
    title: "Redis",
    name: "name",
    holdsData: true,
    replacedBy: ["subscriptionId", "protocol", "modules"],
    // Of an existing one, which its provider reads; the inputs have none.
    region: { vendor: "aws", of: input("region") },
  },
  renderProject: {
    type: "render:index/project:Project",
    section: "backend",
    title: "project",
    name: "name",
  },
  outbound: {
    type: "render:index/dedicatedIp:DedicatedIp",
    section: "backend",
    title: "outbound addresses",
    name: "name",
    replacedBy: ["region"],
    // There is one.
    plan: { family: "dedicated-ips", of: () => undefined },
    region: atRender,
  },
  envGroup: { type: "render:index/envGroup:EnvGroup", section: "backend", title: "env group", name: "name" },
  envGroupLink: {
    type: "render:index/envGroupLink:EnvGroupLink",
    section: "backend",
    title: "env group link",
  },
  notifications: {
    type: "render:index/notificationSetting:NotificationSetting",
    section: "backend",
    title: "notifications of the workspace",
  },
  web: { type: "render:index/webService:WebService", title: "web service", ...service("service") },
  private: {
    type: "render:index/privateService:PrivateService",
    title: "private service",
    ...service("service"),
  },
  worker: { type: "render:index/backgroundWorker:BackgroundWorker", title: "worker", ...service("service") },
  cron: { type: "render:index/cronJob:CronJob", title: "cron job", ...service("cron") },
} as const satisfies Record<string, ResourceKind>;

/** The word that the program uses for a kind. */
export type KindName = keyof typeof kinds;

/** Type tokens by the program's word. */
export const types = Object.fromEntries(Object.entries(kinds).map(([name, { type }]) => [name, type])) as {
  readonly [K in KindName]: (typeof kinds)[K]["type"];
};

const byType = new Map<string, ResourceKind>(Object.values(kinds).map((kind) => [kind.type, kind]));

/** What there is to know of a type; undefined for components, records and whatever is not this stack's. */
export const kindOf = (type: string): ResourceKind | undefined => byType.get(type);

/** The program's word for a type; undefined for what is not this stack's. */
export const kindNamed = (type: string): KindName | undefined =>
  (Object.keys(kinds) as KindName[]).find((name) => kinds[name].type === type);

/** Whether the deletion of a resource of this type is the loss of data. */
export const holdsData = (type: string): boolean => kindOf(type)?.holdsData === true;

/** `M0`, `FLEX` or `M10` and up; undefined or a mark where the inputs do not say. */
function tierOf(inputs: Properties): unknown {
  const region = at(inputs.replicationSpecs, 0, "regionConfigs", 0);
  return at(region, "providerName") === "FLEX" ? "FLEX" : at(region, "electableSpecs", "instanceSize");
}

/** The region with the highest priority: where Atlas keeps the primary, unless that region fails. */
function primaryRegionOf(inputs: Properties): unknown {
  const configs = at(inputs.replicationSpecs, 0, "regionConfigs");
  if (!Array.isArray(configs)) return configs;
  const ranked = [...configs].sort((a, b) => Number(at(b, "priority")) - Number(at(a, "priority")));
  return at(ranked[0], "regionName");
}

/**
 * The value at a path of keys and indices. A mark in the way (`$unknown`: only the vendor knows it; `$secret`) is what is
 * there.
 */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (typeof inner !== "object" || inner === null) return undefined;
    return "$unknown" in inner || "$secret" in inner
      ? inner
      : (inner as Record<string | number, unknown>)[key];
  }, value);
}
