/**
 * The environments that stacks belong to, and what a setting is in each of them when the stack file does not say.
 * One program, one table: what is not in the table is the same everywhere.
 */

/** How much a stack matters: what is refused in production may be fine in a stack that lives for a day. */
export type Stage = "prod" | "staging" | "short";

/** In words, for people. */
export const stageName: Readonly<Record<Stage, string>> = {
  prod: "production",
  staging: "staging",
  short: "short-lived",
};

/**
 * The environment of a stack, by its name. A name that says nothing is production: a stack that is forgotten here
 * gets the strictest rules, not the mildest.
 */
export function stageOf(stack: string): Stage {
  if (/^(staging|stage)(-|$)/.test(stack)) return "staging";
  return /^(sandbox|test|dev|pr-\d+)(-|$)/.test(stack) ? "short" : "prod";
}

/** The one stack that others could take something from. Whatever has another name has names and things of its own. */
export const production = "prod";

/**
 * Whether a stack runs against stand-ins of the vendors and nothing else. There it is production that is rehearsed,
 * with production's defaults, and no other stack that a name could belong to.
 */
export const isRehearsal = (stack: string) => stack === "sandbox" || stack === "test";

/** What a default is made from, where it is not the same for every stack. */
interface DefaultContext {
  stack: string;
  /** The group of settings that the default goes into, as given, with the defaults above it in the table. */
  section: Readonly<Record<string, unknown>>;
}

/** A default; undefined where the stack file has to say it. */
type Default = string | number | undefined | ((place: DefaultContext) => unknown);

export interface Row extends Readonly<Record<Stage, Default>> {
  /** `section.setting`; of `backend` each service that the stack creates. */
  setting: string;
  /** The providers of Redis that have the setting. */
  providers?: readonly string[];
}

/** The stack file has to say it: a choice that production should not get from a table. */
const noDefault = undefined;
/** A name that is nobody else's: no two stacks have the same ending (own.ts). */
const own =
  (base: string): Default =>
  ({ stack }) =>
    `${base}-${stack}`;
/** A plain name for the one production, and for what rehearses it. */
const plain =
  (base: string): Default =>
  ({ stack }) =>
    stack === production || isRehearsal(stack) ? base : `${base}-${stack}`;
/** Short-lived data may go at any time; everything else says so by name, when it comes to that. */
const itself: Default = ({ section }) => section.name;

const made = ["upstash", "render", "redis-cloud"];

/**
 * Short-lived stacks take the smallest plan of which there can be many: Render has one free Postgres and one free Key
 * Value per workspace, Redis Cloud one free database per account; Atlas has one M0 per project, and each has a project
 * of its own. Staging takes the smallest of production's kind, so that what works there works in production.
 * Sources: https://render.com/docs/free, https://www.mongodb.com/docs/atlas/reference/free-shared-limitations/,
 * https://redis.io/docs/latest/operate/rc/subscriptions/view-essentials-subscription/
 */
export const stageDefaults: readonly Row[] = [
  { setting: "mongodb.project.name", prod: noDefault, staging: own("kairos"), short: own("kairos") },
  { setting: "mongodb.name", prod: plain("cluster0"), staging: own("kairos"), short: own("kairos") },
  { setting: "mongodb.tier", prod: noDefault, staging: "M10", short: "M0" },
  { setting: "mongodb.driver.maxPoolSize", prod: 200, staging: 50, short: 10 },
  { setting: "mongodb.driver.minPoolSize", prod: 20, staging: 5, short: 0 },
  { setting: "mongodb.mayBeDestroyed", prod: noDefault, staging: noDefault, short: itself },

  {
    setting: "postgres.name",
    prod: plain("kairos-postgres"),
    staging: own("kairos-postgres"),
    short: own("kairos-postgres"),
  },
  { setting: "postgres.plan", prod: noDefault, staging: "basic_256mb", short: "basic_256mb" },
  { setting: "postgres.mayBeDestroyed", prod: noDefault, staging: noDefault, short: itself },

  {
    setting: "redis.name",
    prod: plain("kairos-redis"),
    staging: own("kairos-redis"),
    short: own("kairos-redis"),
    providers: made,
  },
  { setting: "redis.plan", prod: noDefault, staging: "starter", short: "starter", providers: ["render"] },
  { setting: "redis.budget", prod: 20, staging: 20, short: 5, providers: ["upstash"] },
  {
    setting: "redis.mayBeDestroyed",
    prod: noDefault,
    staging: noDefault,
    short: itself,
    providers: made,
  },

  { setting: "backend.plan", prod: noDefault, staging: "starter", short: "starter" },
];

/** What a row says for a stack. */
export function defaultOf(row: Row, place: DefaultContext): unknown {
  const value = row[isRehearsal(place.stack) ? "prod" : stageOf(place.stack)];
  return typeof value === "function" ? value(place) : value;
}
