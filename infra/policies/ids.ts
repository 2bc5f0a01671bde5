/** The names of the policies, as exceptions in a stack file use them. */
export const policyIds = [
  "access-list-open",
  "database-user-scope",
  "postgres-open",
  "shared-outbound",
  "data-protected",
  "data-backed-up",
  "backups-retained",
  "data-loss",
  "region-beside-backend",
  "tls-required",
  "plain-secret",
  "plan-tier",
  "free-tier",
  "sessions-evicted",
  "health-check",
  "budget",
] as const;
export type PolicyId = (typeof policyIds)[number];
