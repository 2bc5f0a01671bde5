/**
 * Faults at the calls of an `up`, then an `up` that is left alone: does it converge? A round has faults of several
 * groups of calls (see sites.ts), in several `up`s: what comes first fails first, and the rest is reached by the next
 * `up`. A call that was not made then is struck in a later round, and a round that does not converge is taken apart:
 * each of its faults runs again alone, on clouds and a stack of its own.
 */
import type { Engine } from "../../../engine/cli/find.ts";
import type { Vendor } from "../../../sandbox/clouds/index.ts";
import { faultsOf } from "../../helpers/faults.ts";
import { clearFaults, type Ground, newGround, type Sections } from "./ground.ts";
import { groupOf, type Injection, ruleOf, type Site, sitesOf } from "./sites.ts";

/** What became of a fault. */
export interface Result {
  injection: Injection;
  /** False when the call was never made, also not in a round of its own. */
  struck: boolean;
  /** Whether the `up` with the fault failed; when not, the provider tried again by itself. */
  failed: boolean;
  /** Nothing is wrong after the clean `up`. */
  converged: boolean;
  /** What is wrong, or the last line of the error of the `up` with the fault. */
  note: string;
}

/** A campaign's settings. */
export interface CampaignOptions {
  engine: Engine;
  /** Sections of the settings in place of the sandbox's. */
  instead?: Sections;
  /** How many rounds run at a time. */
  jobs: number;
  progress: (line: string) => void;
}

const vendors: readonly Vendor[] = ["render", "atlas", "upstash", "redisCloud"];

/** All calls of a full `up` without faults, by vendor and in order. */
export async function recordSites({
  engine,
  instead,
}: Pick<CampaignOptions, "engine" | "instead">): Promise<Site[]> {
  const ground = await newGround(engine, instead);
  try {
    const { exitCode, all } = await ground.up();
    if (exitCode !== 0) throw new Error(all);
    return vendors.flatMap((vendor) => sitesOf(vendor, ground.clouds.served[vendor].calls));
  } finally {
    await ground.remove();
  }
}

/** Runs all injections; each gets a result. */
export async function runCampaign(
  injections: readonly Injection[],
  options: CampaignOptions,
): Promise<Result[]> {
  const results: Result[] = [];
  const together = new Queue(injections);
  const alone: Injection[] = [];
  const settle = (round: readonly Attempt[]) => {
    const single = round.length === 1;
    const converged = round.every(({ wrong }) => wrong.length === 0);
    for (const attempt of round) {
      if (single || (converged && attempt.struck)) results.push(resultOf(attempt));
      else if (attempt.struck || !together.again(attempt.injection)) alone.push(attempt.injection);
    }
    options.progress(progressLine(results, injections.length, round));
  };
  const worker = async () => {
    for (;;) {
      const round = together.next() ?? alone.splice(0, 1);
      if (round.length === 0) return;
      settle(await runRound(round, options));
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  // What others left over when they had nothing more to do.
  await worker();
  return results;
}

/** An injection in one round. `wrong` is the round's. */
interface Attempt {
  injection: Injection;
  struck: boolean;
  failed: boolean;
  error: string;
  wrong: readonly string[];
}

function resultOf({ injection, struck, failed, error, wrong }: Attempt): Result {
  const note = wrong.length > 0 ? wrong.join("; ") : error;
  return { injection, struck, failed, converged: struck && wrong.length === 0, note };
}

/** Some of each group at a time, in the order of the calls. */
class Queue {
  private readonly groups = new Map<string, Injection[]>();
  private readonly tries = new Map<Injection, number>();

  constructor(injections: readonly Injection[]) {
    for (const injection of injections) this.add(injection);
  }

  next(): Injection[] | undefined {
    const round = [...this.groups].flatMap(([group, waiting]) => waiting.splice(0, perRound(group)));
    return round.length === 0 ? undefined : round;
  }

  /** Puts one back, unless it was tried often enough. */
  again(injection: Injection): boolean {
    const tries = (this.tries.get(injection) ?? 0) + 1;
    this.tries.set(injection, tries);
    if (tries > 2) return false;
    this.add(injection);
    return true;
  }

  private add(injection: Injection): void {
    const { group } = groupOf(injection.site);
    this.groups.set(group, [...(this.groups.get(group) ?? []), injection]);
  }
}

/** The largest groups, one `up` after the other: a failed project takes 4 seconds, and a service needs all the rest. */
const perRound = (group: string) => ({ "Atlas project": 3, service: 2 })[group] ?? 1;

async function runRound(
  round: readonly Injection[],
  { engine, instead }: CampaignOptions,
): Promise<Attempt[]> {
  const ground = await newGround(engine, instead);
  try {
    const attempts: Attempt[] = [];
    for (const now of upsOf(round)) attempts.push(...(await faultyUp(ground, now)));
    const wrong = await cleanUp(ground);
    return attempts.map((attempt) => ({ ...attempt, wrong }));
  } catch (error) {
    const wrong = [`the round broke: ${(error as Error).message.split("\n")[0]}`];
    return round.map((injection) => ({ injection, struck: false, failed: false, error: "", wrong }));
  } finally {
    await ground.remove();
  }
}

/** One injection of a group per `up`, wave by wave. */
function upsOf(round: readonly Injection[]): Injection[][] {
  const ups = new Map<string, Injection[]>();
  const seen = new Map<string, number>();
  for (const injection of round) {
    const { group, wave } = groupOf(injection.site);
    const nth = (seen.get(group) ?? 0) + 1;
    seen.set(group, nth);
    const key = `${wave}.${nth}`;
    ups.set(key, [...(ups.get(key) ?? []), injection]);
  }
  return [...ups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, now]) => now);
}

async function faultyUp({ clouds, up }: Ground, injections: readonly Injection[]): Promise<Attempt[]> {
  const rules = injections.map((injection) => ({ injection, rule: ruleOf(injection) }));
  for (const { injection, rule } of rules) faultsOf(clouds.served[injection.site.vendor]).add(rule);
  const { exitCode, all } = await up();
  const attempts = rules.map(({ injection, rule }) => ({
    injection,
    struck: faultsOf(clouds.served[injection.site.vendor]).struck.includes(rule),
    failed: exitCode !== 0,
    error: exitCode === 0 ? "" : lastError(all),
    wrong: [],
  }));
  clearFaults(clouds);
  return attempts;
}

/** The `up` that is left alone, a preview, and a look at everything; what is wrong. */
async function cleanUp(ground: Ground): Promise<string[]> {
  const { exitCode, all } = await ground.up();
  if (exitCode !== 0) return [`the clean up failed: ${lastError(all)}`, ...(await ground.wrong())];
  const preview = await ground.preview();
  const changes = preview.exitCode === 0 ? [] : [`the preview wants changes: ${changed(preview.all)}`];
  return [...changes, ...(await ground.wrong())];
}

const lastError = (text: string) =>
  text
    .split("\n")
    .filter((line) => /error|\* /i.test(line) && !/update failed|^\s*\[/.test(line))
    .map((line) => line.trim())
    .join(" / ")
    .slice(0, 400);

const changed = (text: string) =>
  text
    .split("\n")
    .filter((line) => /^\s*[~+-]+ ?[a-z]/.test(line))
    .map((line) => line.trim())
    .join(" / ")
    .slice(0, 300);

function progressLine(results: readonly Result[], all: number, round: readonly Attempt[]): string {
  const struck = round.filter((attempt) => attempt.struck).length;
  const wrong = round[0]?.wrong ?? [];
  const verdict = wrong.length === 0 ? "converged" : `did not converge: ${wrong.join("; ")}`;
  const what = round.map(({ injection: { site, fault } }) => `${fault} at ${site.method} ${site.path}`);
  return `${results.length}/${all}: ${struck} of ${round.length} struck (${what.join(", ")}): ${verdict}`;
}
