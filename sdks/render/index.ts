// Typed by hand. `pulumi package add terraform-provider render-oss/render` would overwrite this folder.
/**
 * Render's Terraform provider 1.9.1 for Pulumi: what this project uses. Tokens, names and types of properties are the
 * provider's own.
 */
import { type ArgsOf, bridge } from "../bridge.ts";
import type { Members } from "../shapes.ts";
import manifest from "./package.json" with { type: "json" };

export * from "./services.ts";

const { resource } = bridge(manifest);

const placed = {
  /** Name shown by Render. Left out, the bridge derives one with a random suffix. May change in place. */
  name: { optional: "string" },
  /** `frankfurt`, `ohio`, `oregon`, `singapore` or `virginia`. Changing it replaces the database. */
  region: "string",
  /** The environment that it is in, `evm-…`. May change in place. */
  environmentId: { optional: "string" },
  /** Who may connect from outside the private network. Left out or empty: nobody. */
  ipAllowLists: {
    optional: {
      list: {
        object: {
          /** IPv4 CIDR block, such as `203.0.113.7/32`; `0.0.0.0/0` is everybody. */
          cidrBlock: "string",
          /** Who stands behind the block. Must be given, may be empty. */
          description: "string",
        },
      },
    },
  },
} as const satisfies Members;

/**
 * A PostgreSQL database on Render (`render_postgres`). Created when Render calls it available, which may take
 * minutes. Import id: the database's id, `dpg-…-a`.
 */
export class Postgres extends resource({
  type: "render:index/postgres:Postgres",
  inputs: {
    ...placed,
    /**
     * `free`, `basic_256mb`, `basic_1gb`, `basic_4gb`, `pro_4gb` … `pro_512gb`, `accelerated_16gb` …
     * `accelerated_1024gb`, one of the older `starter`, `standard`, `pro`, `pro_plus`, or anything that begins
     * with `Custom`. May change in place.
     */
    plan: "string",
    /** Major version, `"11"` to `"18"`. Changing it replaces the database. */
    version: "string",
    /**
     * Name of the database inside the instance. Changing it replaces the instance. Render may append a suffix
     * to it, which the provider hides: read the true name from a connection string, and give the true name when
     * importing, for the shorter one would ask for a replacement.
     */
    databaseName: { optional: "string" },
    /** Owner of the database. Changing it replaces the instance. */
    databaseUser: { optional: "string" },
    /** Disk in GB: 1 or a multiple of 5. */
    diskSizeGb: { optional: "number" },
    /** Keeps a standby that takes over on failure. */
    highAvailabilityEnabled: { optional: "boolean" },
    /** Read-only copies. */
    readReplicas: { optional: { list: { object: { name: "string" } } } },
  },
  outputs: {
    /**
     * How to connect, as a secret.
     *
     * The real engine delivers a secret inside a secret, and the Node SDK opens only the outer one: at run time
     * the object is an envelope whose `value` holds the members, and they are `undefined` although their type
     * says `string`. The in-process monitor has no envelope. Open it first: see `unwrapped` in infra/secrets.ts.
     */
    connectionInfo: {
      object: {
        /** `postgresql://…` on Render's private network, from the same region. */
        internalConnectionString: "string",
        /** `postgresql://…` from anywhere the allow list permits. */
        externalConnectionString: "string",
      },
    },
  },
  secrets: ["connectionInfo", "datadogApiKey"],
}) {}
export type PostgresArgs = ArgsOf<typeof Postgres>;

/**
 * A Redis-compatible store on Render (`render_keyvalue`); note the lower-case `v`. Import id: the store's id,
 * `red-…`.
 */
export class Keyvalue extends resource({
  type: "render:index/keyvalue:Keyvalue",
  inputs: {
    ...placed,
    /** `free`, `starter`, `standard`, `pro`, `pro_plus` (the default, and not a cheap one) or `Custom…`. */
    plan: { optional: "string" },
    /**
     * What gives way when memory is full: `noeviction`, or `allkeys_` or `volatile_` followed by `lru`, `lfu`
     * or `random`, or `volatile_ttl`.
     */
    maxMemoryPolicy: "string",
    /** `journal_snapshot`, `snapshot` or `off`. */
    persistenceMode: { optional: "string" },
  },
  outputs: {
    /** How to connect, as a secret inside a secret: see {@link Postgres} for how to open it. */
    connectionInfo: {
      object: {
        /** `redis://…` on Render's private network, from the same region. */
        internalConnectionString: "string",
      },
    },
  },
  secrets: ["connectionInfo"],
}) {}
export type KeyvalueArgs = ArgsOf<typeof Keyvalue>;

/**
 * A project and its environments (`render_project`): the whole set, others are deleted, which Render refuses of those that
 * are not empty. Import id: the project's id, `prj-…`.
 */
export class Project extends resource({
  type: "render:index/project:Project",
  inputs: {
    /** Name shown by Render. Left out, the bridge derives one with a random suffix. May change in place. */
    name: { optional: "string" },
    /** By a key of the program's own; an import takes the name for it. */
    environments: {
      map: {
        object: {
          /** May change in place. */
          name: "string",
          /** `protected` or `unprotected`. */
          protectedStatus: "string",
          networkIsolated: { optional: "boolean" },
          /** Given by Render, `evm-…`. */
          id: { optional: "string" },
        },
      },
    },
  },
  outputs: {
    environments: { map: { object: { id: { optional: "string" } } } },
  },
}) {}
export type ProjectArgs = ArgsOf<typeof Project>;

/**
 * Outbound addresses that no other customer has (`render_dedicated_ip`). Created when they are there, which takes some
 * minutes at most. Import id: `egs-…`.
 */
export class DedicatedIp extends resource({
  type: "render:index/dedicatedIp:DedicatedIp",
  inputs: {
    /** Name shown by Render. Left out, the bridge derives one with a random suffix. May change in place. */
    name: { optional: "string" },
    /** Changing it replaces the addresses. */
    region: "string",
    /** Whose services use them; none: all services of the workspace in the region. May change in place. */
    environmentIds: { optional: { list: "string" } },
  },
  outputs: {
    /** Three IPv4 addresses. */
    ips: { list: "string" },
  },
}) {}
export type DedicatedIpArgs = ArgsOf<typeof DedicatedIp>;

/**
 * Whom Render tells of what, for the whole workspace (`render_notification_setting`). It always exists: creating it changes
 * it, deleting it leaves it as it is. Its `id` says nothing (the provider gives none).
 */
export class NotificationSetting extends resource({
  type: "render:index/notificationSetting:NotificationSetting",
  inputs: {
    /** Whether the workspace's members are told by e-mail. */
    emailEnabled: { optional: "boolean" },
    /** `all`, `failure` or `none`. */
    notificationsToSend: { optional: "string" },
    previewNotificationsEnabled: { optional: "boolean" },
  },
}) {}
export type NotificationSettingArgs = ArgsOf<typeof NotificationSetting>;
