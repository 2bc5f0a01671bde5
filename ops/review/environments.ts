/**
 * The short-lived environment of a pull request, in one comment there that is kept current: where it is, what it costs,
 * when it ends, how to keep it. And a word of its own a day before it ends, since nobody is told of an edit.
 */
import { logicalName } from "../../engine/cli/events.ts";
import type { StateResource } from "../../engine/cli/stack.ts";
import type { Workspace } from "../../engine/cli/workspace.ts";
import { estimate } from "../cost/estimate.ts";
import type { Cost } from "../cost/model.ts";
import { hoursPerMonth } from "../cost/prices.ts";
import { amount, total } from "../cost/words.ts";
import { type Lifetime, standings } from "../env/stacks.ts";
import { urlsIn } from "../env/up.ts";
import { code, link, prose, table } from "../terminal/markdown.ts";
import { type CommentOutcome, comment } from "./comment.ts";
import type { GitHub } from "./github.ts";

/** An environment as its state and its tags tell of it. Holds no secret. */
export interface Environment {
  /** `pr-7` */
  name: string;
  life: Lifetime;
  urls: string[];
  /** When its first resource came into the state; undefined while there is none. */
  since: Date | undefined;
  /** Per month. */
  cost: Cost;
}

/** A pull request's number by the name of its environment; undefined for one of a person. */
export const numberOf = (name: string): number | undefined => {
  const [, number] = /^pr-(\d+)$/.exec(name) ?? [];
  return number === undefined ? undefined : Number(number);
};

/** The environments of pull requests. @param only the one of this name */
export async function environmentsIn(workspace: Workspace, now: Date, only?: string): Promise<Environment[]> {
  const all = (await standings(workspace, now)).filter(
    ({ name }) => numberOf(name) !== undefined && (only === undefined || name === only),
  );
  return Promise.all(
    all.map(async ({ name, life }) => ({
      name,
      life,
      ...madeOf((await workspace.stack(name).state()).resources, now),
    })),
  );
}

function madeOf(resources: readonly StateResource[], now: Date): Omit<Environment, "name" | "life"> {
  const priced = resources.map(({ urn, type, inputs = {} }) => ({ name: logicalName(urn), type, inputs }));
  const times = resources.flatMap(({ created }) => (created === undefined ? [] : [Date.parse(created)]));
  return {
    urls: urlsIn(resources),
    since: times.length === 0 ? undefined : new Date(Math.min(...times)),
    cost: estimate(priced, { now }),
  };
}

/** Writes both comments. @returns what became of the first, and of the word before its end where there is one */
export async function commentOn(
  gitHub: GitHub,
  environment: Environment,
  now: Date,
): Promise<CommentOutcome[]> {
  const number = numberOf(environment.name) ?? 0;
  const fate = await comment(gitHub, {
    number,
    key: "environment",
    body: environmentMarkdown(environment, now),
  });
  const word = lastWord(environment, now);
  return word === undefined ? [fate] : [fate, await comment(gitHub, { number, ...word })];
}

/** Says that it is gone, where something was said of it. */
export const farewell = (gitHub: GitHub, name: string): Promise<CommentOutcome> =>
  comment(gitHub, {
    number: numberOf(name) ?? 0,
    key: "environment",
    body: `### 🍂 Environment ${prose(name)}: it is gone\n\n${renewal}`,
    quiet: true,
  });

const renewal = `The label ${code("environment")}, put on again, makes a new one.`;

/** The comment that stays. */
export function environmentMarkdown({ name, life, urls, since, cost }: Environment, now: Date): string {
  const rows = [
    ["", ""],
    ["where", urls.length === 0 ? "no service runs yet" : urls.map((url) => link(url)).join("<br>")],
    ["ends", endOf(life)],
    [
      "costs",
      since === undefined ? "nothing so far" : `${soFar(cost, since, now)}; ${prose(total(cost))} a month`,
    ],
  ];
  const isOver = life.state === "over";
  return [
    `### ${isOver ? "🍂" : "🌱"} Environment ${prose(name)}${isOver ? ": its time is over, and it is taken down" : ""}`,
    table(rows),
    isOver ? renewal : howToKeep(name),
  ].join("\n\n");
}

const howToKeep = (name: string) =>
  `**To keep it longer**: each push renews its time, and so does running the job ${code("up")} of its workflow again, or ${code(`npx kairos env ${name} up --for 7d`)} from a clone. **To end it now**: take the label ${code("environment")} off.`;

const day = 86_400_000;
const month = hoursPerMonth * 3_600_000;

function soFar({ lines, from, to }: Cost, since: Date, now: Date): string {
  const share = Math.max(0, now.getTime() - since.getTime()) / month;
  const sum = { from: from * share, ...(to !== undefined && { to: to * share }) };
  const isUnknown = lines.length > 0 && lines.every((line) => line.from === undefined);
  return `${isUnknown ? "unknown" : prose(amount(sum))} since ${moment(since)}, by ${moment(now)}`;
}

/** `2026-11-27 12:05 UTC`: nobody knows when a comment is read. */
const moment = (time: Date) => `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;

const endOf = (life: Lifetime) =>
  life.state === "unknown" ? "nobody said; the sweep leaves it" : moment(life.expires);

/** Of each end once: a renewed one has another. */
function lastWord({ name, life }: Environment, now: Date): { key: string; body: string } | undefined {
  if (life.state !== "alive" || life.expires.getTime() - now.getTime() > day) return undefined;
  return {
    key: `environment-ends:${life.expires.toISOString()}`,
    body: `⏳ The environment ${code(name)} ends at ${moment(life.expires)}, with all its data.\n\n${howToKeep(name)}`,
  };
}
