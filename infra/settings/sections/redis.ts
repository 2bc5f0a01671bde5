import { z } from "zod";
import * as kind from "../kinds.ts";
import { facts } from "../vendors.ts";
import { mayBeDestroyed, providerFields, renderAccessList } from "./common.ts";

const { tables: render } = facts.render;
const { regions: upstashRegions } = facts.upstash.tables;

/** What every Redis has in common; the rest is its provider's. */
const inCommon = {
  name: kind.givenName(),
  with: providerFields(),
  mayBeDestroyed,
};

/** Redis, at one of four vendors, or none. */
export const redis = z.discriminatedUnion("provider", [
  kind.group({ provider: z.literal("none"), mayBeDestroyed }),
  kind.group({
    provider: z.literal("upstash"),
    ...inCommon,
    primaryRegion: kind.offered(upstashRegions).optional(),
    readRegions: z.array(kind.offered(upstashRegions), { error: "a list of regions" }).default([]),
    /** Forget old keys when full: right for a cache, wrong where sessions must survive. */
    eviction: kind.flag().default(true),
    /** Who may connect. Empty: whoever has the password, from anywhere. */
    accessList: renderAccessList(),
    /** Monthly ceiling in US dollars; Upstash stops serving above it. 20 is also the provider's default. */
    budget: kind.count(1, 100_000, "US dollars"),
  }),
  kind.group({
    provider: z.literal("render"),
    ...inCommon,
    plan: kind.offered(render.keyValuePlans),
    maxmemoryPolicy: kind.offered(render.maxmemoryPolicies).default("allkeys_lru"),
    persistence: kind.offered(render.keyValuePersistence).optional(),
    /** Who may connect from outside Render's private network. Empty: nobody. */
    accessList: renderAccessList(),
  }),
  kind.group({
    provider: z.literal("redis-cloud"),
    ...inCommon,
    /** Name of the subscription that holds it; the database's own name unless set. */
    subscription: kind.filled("a name").optional(),
    /** The Essentials plan, as Redis Cloud lists it for the backend's region: `30MB`, `Single-Zone_1GB`. */
    plan: z.string({ error: "the name of an Essentials plan, such as 30MB" }).min(1, "the name of a plan"),
    eviction: kind
      .oneOf(["noeviction", "allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-lfu", "volatile-ttl"])
      .default("allkeys-lru"),
    persistence: kind.offered(facts["redis-cloud"].tables.persistence).default("none"),
    replication: kind.flag().default(false),
    /** The password of a database that somebody else made; secret. Left out: the stack makes it. */
    password: kind.secretText().optional(),
    /** A stored payment method; paid plans only. */
    paymentMethod: kind.count(1, 2_147_483_647, "a payment method's id").optional(),
    /**
     * Whether REDIS_URL asks for TLS. The provider cannot switch TLS on for a new Essentials database: that is
     * one click in Redis Cloud's console after the first `up`.
     */
    tls: kind.flag().default(true),
  }),
  kind.group({
    provider: z.literal("external"),
    /** The whole connection URL of a Redis that this stack does not manage; secret. */
    url: kind.redisUrl(),
    mayBeDestroyed,
  }),
]);
