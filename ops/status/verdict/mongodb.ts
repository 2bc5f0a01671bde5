/** What there is to say about a MongoDB that answers. */
import type { MongodbFacts, Remark } from "../model.ts";
import type { Judge } from "./judge.ts";

export const mongodbJudge: Judge<MongodbFacts> = {
  remarks(facts) {
    const { topology, database, rights, settings, compression } = facts;
    const remarks: Remark[] = [];
    if (topology?.kind === "standalone") remarks.push({ kind: "standalone", severity: "warning" });
    if (compression === "none") remarks.push({ kind: "no-compression", severity: "warning" });
    if (settings && !(settings.retryReads && settings.retryWrites))
      remarks.push({ kind: "no-retry", severity: "warning" });
    if (database !== undefined) remarks.push(...aboutName(database));
    if (rights === undefined) remarks.push({ kind: "rights-unknown", severity: "note" });
    else if (rights.beyond.length > 0)
      remarks.push({ kind: "rights-beyond-database", severity: "warning", names: rights.beyond });
    return remarks;
  },
  unusable({ rights, database }) {
    if (rights?.canWrite !== false) return undefined;
    const nearby = database !== undefined && database.nearMisses.length > 0;
    return {
      failure: { kind: "not-allowed", stage: "asking", evidence: "no privilege to write" },
      likely: nearby ? ["database-name"] : rights.canRead ? [] : ["role-of-other-database"],
    };
  },
  variables(kind) {
    if (kind === "not-allowed" || kind === "no-such-database") return ["MONGODB_URL", "MONGODB_DB_NAME"];
    return kind === "timeout" ? ["MONGODB_URL", "MONGODB_TIMEOUT_MS"] : ["MONGODB_URL"];
  },
};

function aboutName({ asked, exists, nearMisses, inUrl }: NonNullable<MongodbFacts["database"]>): Remark[] {
  const remarks: Remark[] = [];
  if (nearMisses.length > 0)
    remarks.push({ kind: "database-near-miss", severity: "warning", names: [asked, ...nearMisses] });
  else if (exists === false) remarks.push({ kind: "database-missing", severity: "warning", names: [asked] });
  if (inUrl !== undefined)
    remarks.push({ kind: "database-in-url-differs", severity: "note", names: [inUrl, asked] });
  return remarks;
}
