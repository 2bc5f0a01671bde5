// Typed by hand. `pulumi package add terraform-provider RedisLabs/rediscloud` would overwrite this folder.
/**
 * Redis Cloud's Terraform provider 2.11.0 for Pulumi: what this project uses of Essentials, the small fixed-price
 * subscriptions. Tokens, names and types of properties are the provider's own.
 */
import { type ArgsOf, bridge } from "../bridge.ts";
import manifest from "./package.json" with { type: "json" };

const { resource, lookup } = bridge(manifest);

/**
 * A small fixed-price subscription (`rediscloud_essentials_subscription`). All of it may change in place. Its `id`
 * is a number written as a string; that is the import id too.
 */
export class EssentialsSubscription extends resource({
  type: "rediscloud:index/essentialsSubscription:EssentialsSubscription",
  inputs: {
    /** Name shown by Redis Cloud. Left out, the bridge derives one with a random suffix. */
    name: { optional: "string" },
    /** Plan, which settles cloud, region and size: see {@link getEssentialsPlanOutput}. */
    planId: "number",
    /** The card to charge. Not for free plans. */
    paymentMethodId: { optional: "number" },
  },
}) {}
export type EssentialsSubscriptionArgs = ArgsOf<typeof EssentialsSubscription>;

/**
 * The database of an Essentials subscription (`rediscloud_essentials_database`). The provider's own waits make
 * creation take a minute and a half at the least. Import id: `<subscription id>/<database id>`.
 *
 * Without `enablePaygFeatures`, which Redis Cloud refuses for new databases, the provider drops several arguments
 * without a word: `enableTls` (so there is none), `sourceIps` (it sends `0.0.0.0/0` in its place) and others.
 */
export class EssentialsDatabase extends resource({
  type: "rediscloud:index/essentialsDatabase:EssentialsDatabase",
  inputs: {
    /** The subscription's id as a number: `subscription.id.apply(Number)`. Changing it replaces the database. */
    subscriptionId: "number",
    /** Name shown by Redis Cloud, up to 40 characters. Left out, the bridge derives one with a random suffix. */
    name: { optional: "string" },
    /**
     * `none`, `aof-every-1-second`, `aof-every-write`, `snapshot-every-1-hour`, `snapshot-every-6-hours` or
     * `snapshot-every-12-hours`. Free plans have `none` only.
     */
    dataPersistence: "string",
    /** Keeps a second copy in memory. Not in free plans. */
    replication: "boolean",
    /**
     * What gives way when memory is full: `noeviction`, or `allkeys-` or `volatile-` followed by `lru`, `lfu`
     * or `random`, or `volatile-ttl`. Default `volatile-lru`.
     */
    dataEviction: { optional: "string" },
    /** Whether the default user may connect. Default `true`. */
    enableDefaultUser: { optional: "boolean" },
    /** Password of the default user. Made secret. Left out, Redis Cloud invents one. */
    password: { optional: "string" },
  },
  outputs: {
    /** `host:port` from the internet. */
    publicEndpoint: "string",
  },
  secrets: ["password"],
}) {}
export type EssentialsDatabaseArgs = ArgsOf<typeof EssentialsDatabase>;

/**
 * Looks up the one plan that fits (`rediscloud_essentials_plan`): none, or more than one, is an error.
 */
export const getEssentialsPlanOutput = lookup({
  type: "rediscloud:index/getEssentialsPlan:getEssentialsPlan",
  inputs: {
    /** Such as `30MB`: the same in every region. */
    name: { optional: "string" },
    /** `AWS`, `GCP` or `Azure`. */
    cloudProvider: { optional: "string" },
    /** Region in the cloud provider's own notation. */
    region: { optional: "string" },
  },
  outputs: { id: "number" },
});
export type GetEssentialsPlanArgs = ArgsOf<typeof getEssentialsPlanOutput>;
