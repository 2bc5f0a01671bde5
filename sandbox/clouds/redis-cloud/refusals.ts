/** What Redis Cloud refuses: a call at once, and what is asked for well formed by its task, which fails. */
import ipaddr from "ipaddr.js";
import { Refusal } from "../api.ts";
import { Described } from "../described.ts";
import description from "./description.json" with { type: "json" };
import {
  type DatabaseChanges,
  type Plan,
  plans,
  redisVersions,
  type SubscriptionRequest,
} from "./records.ts";
import { TaskFailure } from "./tasks.ts";

const reasons = { 400: "Bad Request", 401: "Unauthorized", 404: "Not Found" } as const;

/** A call that is refused at once, without a task. */
export class RedisCloudError extends Refusal {
  constructor(status: keyof typeof reasons, message: string) {
    const timestamp = new Date().toISOString();
    super(status, { timestamp, status, error: reasons[status], message }, message);
  }
}

/** The message names fields, never values: a password may be among them. */
export const described = new Described(
  description,
  ({ path }) => new RedisCloudError(400, `invalid ${path.join(".") || "body"}`),
);

/**
 * @param others the account's other subscriptions
 * @returns the plan
 */
export function checkSubscription(
  { name, planId, paymentMethod = "credit-card", paymentMethodId }: SubscriptionRequest,
  others: readonly { planId: number }[],
  cards: readonly { id: number }[],
): Plan {
  const plan = plans.find(({ id }) => id === planId);
  if (plan === undefined)
    throw new TaskFailure("FIXED_PLAN_NOT_FOUND", `Plan ${planId} was not found`, "404 NOT_FOUND");
  if (name.trim() === "") throw new TaskFailure("INVALID_NAME", "A subscription needs a name");
  const isFree = (id: number) => plans.find((other) => other.id === id)?.price === 0;
  if (isFree(planId) && others.some((other) => isFree(other.planId)))
    throw new TaskFailure("FREE_PLAN_LIMIT", "The account already has a subscription with a free plan");
  const onFile = cards.some(({ id }) => id === paymentMethodId);
  if (!isFree(planId) && paymentMethod === "credit-card" && !onFile)
    throw new TaskFailure("PAYMENT_METHOD_NOT_FOUND", "A paid plan needs a payment method of the account");
  return plan;
}

export function checkDatabase(
  request: DatabaseChanges & { redisVersion?: string | undefined },
  plan: Plan,
): void {
  const { name, dataPersistence, replication, redisVersion, password } = request;
  const sourceIps = request.sourceIps ?? [];
  const alerts = request.alerts ?? [];
  if (name !== undefined && !/^[A-Za-z][A-Za-z0-9-]{0,39}$/.test(name))
    throw new TaskFailure("INVALID_DATABASE_NAME", "A name has up to 40 letters, digits and hyphens");
  if (dataPersistence !== undefined && dataPersistence !== "none" && !plan.supportDataPersistence)
    throw new TaskFailure("DATA_PERSISTENCE_NOT_SUPPORTED", `Plan ${plan.name} has no data persistence`);
  if (replication === true && !plan.supportReplication)
    throw new TaskFailure("REPLICATION_NOT_SUPPORTED", `Plan ${plan.name} has no replication`);
  if (redisVersion !== undefined && !redisVersions.includes(redisVersion))
    throw new TaskFailure("REDIS_VERSION_NOT_SUPPORTED", `Redis ${redisVersion} is not available`);
  const invalid = sourceIps.find((ip) => !ipaddr.isValidCIDR(ip));
  if (invalid !== undefined) throw new TaskFailure("INVALID_SOURCE_IP", `${invalid} is not a CIDR block`);
  if (sourceIps.length > plan.cidrAllowRules)
    throw new TaskFailure("CIDR_RULES_LIMIT", `Plan ${plan.name} allows ${plan.cidrAllowRules} CIDR blocks`);
  const unknown = alerts.find((alert) => !plan.supportedAlerts.includes(alert.name));
  if (unknown !== undefined)
    throw new TaskFailure("ALERT_NOT_SUPPORTED", `${plan.name} has no ${unknown.name}`);
  if (password === "") throw new TaskFailure("INVALID_PASSWORD", "A password may not be empty");
  if (request.memoryLimitInGb !== undefined)
    throw new TaskFailure("PAYG_NOT_SUPPORTED", "Pay-as-you-go features are for old databases only");
}
