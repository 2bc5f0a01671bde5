/**
 * The full campaign: `tsx tests/engine/campaign/run.ts [sandbox|render|redis-cloud] [part of a call]`. It takes about
 * half an hour; progress goes to the error output, the report to the output.
 */
import { engineOrReason } from "../harness.ts";
import { recordSites, runCampaign } from "./campaign.ts";
import { report } from "./report.ts";
import { campaignFaults, siteText } from "./sites.ts";

const redisSettings: Readonly<Record<string, Record<string, unknown> | undefined>> = {
  sandbox: undefined,
  render: { provider: "render", name: "kairos-redis", plan: "starter", mayBeDestroyed: "kairos-redis" },
  "redis-cloud": {
    provider: "redis-cloud",
    name: "kairos-redis",
    plan: "30MB",
    mayBeDestroyed: "kairos-redis",
  },
};

const [name = "sandbox", part = ""] = process.argv.slice(2);
const found = await engineOrReason();
if ("reason" in found || !(name in redisSettings)) {
  console.error("reason" in found ? found.reason : `got ${name}; expected ${Object.keys(redisSettings)}`);
  process.exit(1);
}
const redis = redisSettings[name];
const start = Date.now();
const options = {
  engine: found.engine,
  ...(redis && { redis }),
  jobs: Number(process.env.KAIROS_CAMPAIGN_JOBS ?? 2),
  progress: (line: string) => console.error(`${((Date.now() - start) / 60_000).toFixed(1)} min ${line}`),
};
const sites = await recordSites(options);
const chosen = sites.filter((site) => siteText(site).includes(part));
const injections = campaignFaults.flatMap((fault) => chosen.map((site) => ({ site, fault })));
const results = await runCampaign(injections, options);
console.log(report(sites, results));
process.exitCode = results.every(({ converged }) => converged) ? 0 : 1;
