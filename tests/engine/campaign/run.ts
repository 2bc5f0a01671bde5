/**
 * The full campaign: `tsx tests/engine/campaign/run.ts [sandbox|named|render|redis-cloud] [part]`, where a part is
 * such as `lost answer at render`. All of it takes about half an hour; progress goes to the error output, the report to the
 * output. `soak [minutes]` keeps a sandbox under load instead (soak.ts), and needs no engine; `lives [number] [seed]`
 * lives so many lives that nobody planned (lives.ts), a hundred by default.
 */
import fc from "fast-check";
import { engineOrReason } from "../harness.ts";
import { recordSites, runCampaign } from "./campaign.ts";
import type { Sections } from "./ground.ts";
import { live, lives } from "./lives.ts";
import { report } from "./report.ts";
import { campaignFaults, siteText } from "./sites.ts";
import { soak } from "./soak.ts";

const variants: Readonly<Record<string, Sections>> = {
  sandbox: {},
  /** Render adds its suffix to a name that was asked for, too. */
  named: {
    "kairos:postgres": {
      enabled: true,
      name: "kairos-postgres",
      plan: "basic_256mb",
      database: "kairos_db",
      user: "kairos_user",
      mayBeDestroyed: "kairos-postgres",
    },
  },
  render: {
    "kairos:redis": {
      provider: "render",
      name: "kairos-redis",
      plan: "starter",
      mayBeDestroyed: "kairos-redis",
    },
  },
  "redis-cloud": {
    "kairos:redis": {
      provider: "redis-cloud",
      name: "kairos-redis",
      plan: "30MB",
      mayBeDestroyed: "kairos-redis",
    },
  },
};

const [name = "sandbox", part = ""] = process.argv.slice(2);
if (name === "soak") process.exit((await soak(Number(part || 60), console.log)) ? 0 : 1);
const found = await engineOrReason();
if (name === "lives" && "engine" in found) {
  const { engine } = found;
  const life = fc.asyncProperty(lives(6), (steps) => live(steps, engine, console.error));
  const [, , , , seed] = process.argv;
  const result = await fc.check(life, {
    numRuns: Number(part || 100),
    ...(seed !== undefined && { seed: Number(seed) }),
  });
  console.log(await fc.asyncDefaultReportMessage(result));
  console.log(`${result.numRuns} lives, seed ${result.seed}: ${result.failed ? "one failed" : "all well"}`);
  process.exit(result.failed ? 1 : 0);
}
const instead = variants[name];
if ("reason" in found || instead === undefined) {
  console.error("reason" in found ? found.reason : `got ${name}; expected ${Object.keys(variants)}`);
  process.exit(1);
}
const start = Date.now();
const options = {
  engine: found.engine,
  instead,
  jobs: Number(process.env.KAIROS_CAMPAIGN_JOBS ?? 2),
  progress: (line: string) => console.error(`${((Date.now() - start) / 60_000).toFixed(1)} min ${line}`),
};
const sites = await recordSites(options);
const injections = campaignFaults
  .flatMap((fault) => sites.map((site) => ({ site, fault })))
  .filter(({ site, fault }) => `${fault} at ${siteText(site)}`.includes(part));
const results = await runCampaign(injections, options);
console.log(report(sites, results));
process.exitCode = results.every(({ converged }) => converged) ? 0 : 1;
