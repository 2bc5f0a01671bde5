/** What Redis Cloud refuses, once the request itself is well formed: its task fails. */
import ipaddr from "ipaddr.js";
import { type Plan, plans } from "./plans.ts";
import { redisVersions } from "./records.ts";
import type { DatabaseChanges, SubscriptionRequest } from "./requests.ts";
import { badRequest, TaskFailure } from "./tasks.ts";

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
    throw new TaskFailure("FIXED_PLAN_NOT_FOUND", "404 NOT_FOUND", `Plan ${planId} was not found`);
  if (name.trim() === "") throw badRequest("INVALID_NAME", "A subscription needs a name");
  const isFree = (id: number) => plans.find((other) => other.id === id)?.price === 0;
  if (isFree(planId) && others.some((other) => isFree(other.planId)))
    throw badRequest("FREE_PLAN_LIMIT", "The account already has a subscription with a free plan");
  const onFile = cards.some(({ id }) => id === paymentMethodId);
  if (!isFree(planId) && paymentMethod === "credit-card" && !onFile)
    throw badRequest("PAYMENT_METHOD_NOT_FOUND", "A paid plan needs a payment method of the account");
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
    throw badRequest("INVALID_DATABASE_NAME", "A name has up to 40 letters, digits and hyphens");
  if (dataPersistence !== undefined && dataPersistence !== "none" && !plan.supportDataPersistence)
    throw badRequest("DATA_PERSISTENCE_NOT_SUPPORTED", `Plan ${plan.name} has no data persistence`);
  if (replication === true && !plan.supportReplication)
    throw badRequest("REPLICATION_NOT_SUPPORTED", `Plan ${plan.name} has no replication`);
  if (redisVersion !== undefined && !(redisVersions as readonly string[]).includes(redisVersion))
    throw badRequest("REDIS_VERSION_NOT_SUPPORTED", `Redis ${redisVersion} is not available`);
  const invalid = sourceIps.find((ip) => !ipaddr.isValidCIDR(ip));
  if (invalid !== undefined) throw badRequest("INVALID_SOURCE_IP", `${invalid} is not a CIDR block`);
  if (sourceIps.length > plan.cidrAllowRules)
    throw badRequest("CIDR_RULES_LIMIT", `Plan ${plan.name} allows ${plan.cidrAllowRules} CIDR blocks`);
  const unknown = alerts.find((alert) => !plan.supportedAlerts.includes(alert.name));
  if (unknown !== undefined) throw badRequest("ALERT_NOT_SUPPORTED", `${plan.name} has no ${unknown.name}`);
  if (password === "") throw badRequest("INVALID_PASSWORD", "A password may not be empty");
  if (request.memoryLimitInGb !== undefined)
    throw badRequest("PAYG_NOT_SUPPORTED", "Pay-as-you-go features are for old databases only");
}
