/** All policies, in the order in which people read them. */

import type { Stage } from "../settings/stages.ts";
import { overBudget } from "./budget.ts";
import { backupsRetained, dataBackedUp, dataLoss, dataProtected } from "./data.ts";
import { databaseUserScope } from "./database-user.ts";
import type { Policy } from "./model.ts";
import { accessListOpen, postgresOpen, sharedOutbound } from "./network.ts";
import { plainSecret } from "./plain-secret.ts";
import { regionBesideBackend } from "./region.ts";
import { healthCheck, sessionsEvicted } from "./service.ts";
import { freeTier, planTier } from "./tiers.ts";
import { tlsRequired } from "./tls.ts";

export const policies: readonly Policy[] = [
  accessListOpen,
  databaseUserScope,
  postgresOpen,
  sharedOutbound,
  dataProtected,
  dataBackedUp,
  backupsRetained,
  dataLoss,
  regionBesideBackend,
  tlsRequired,
  plainSecret,
  planTier,
  freeTier,
  sessionsEvicted,
  healthCheck,
  overBudget,
];

/** Those that are on for a stage. */
export const policiesOn = (stage: Stage): Policy[] => policies.filter(({ level }) => level[stage] !== "off");
