/**
 * Looks at databases from where the backend stands, with the drivers and the variables that the backend has: a one-off job
 * of one of its services. What a private network or an access list keeps from here, it keeps from nobody there.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { z } from "zod";
import { UserError } from "../../../engine/errors.ts";
import { contract } from "../../../infra/contract.ts";
import type { Account } from "../../../vendors/http.ts";
import { Render } from "../../../vendors/render.ts";
import { root } from "../../bundle.mjs";
import { phrases } from "../look/errors.ts";
import { questions } from "../look/postgres/ask.ts";
import type { DatabaseName, FactsOf, Observation, Vendor } from "../model.ts";
import type { ServiceId } from "../render/index.ts";
import type { Variables } from "../variables.ts";
import { askInside, type JobOptions } from "./job.ts";
import { answerForm, observationFrom } from "./observation.ts";

/** What is asked, and whom. */
export interface InsideQuestion {
  account: Account;
  /** The first that can be asked is. */
  services: readonly ServiceId[];
  /** The contract's, of the stack: none of it is sent. */
  variables: Variables;
  /** Whose databases they are. */
  databases: Partial<Record<DatabaseName, Vendor>>;
  /** Milliseconds that each has to let the program in. */
  timeout: number;
}

/** What was seen, or why no service could be asked. */
export type InsideAnswer =
  | { observations: { [D in DatabaseName]?: Observation<FactsOf<D>> } }
  | { refused: string[] };

export async function lookFromInside(
  { account, services, variables, databases, timeout }: InsideQuestion,
  options: Pick<JobOptions, "limit" | "late" | "pause" | "signal"> = {},
): Promise<InsideAnswer> {
  const names = Object.keys(databases) as DatabaseName[];
  const mark = `kairos-look-${randomBytes(6).toString("hex")}`;
  const program = insideProgram({ mark, milliseconds: timeout, databases: names, sql: questions });
  const secrets = Object.entries(contract).flatMap(([name, { secret }]) =>
    secret ? [variables[name] ?? ""] : [],
  );
  return firstInside({ account, services }, { program, mark, ...options, secrets }, (text, service) => {
    const said = answerIn(text)?.databases;
    if (said === undefined)
      throw new UserError(`${service.name}: cannot be asked from inside: its answer is of another form`);
    const observed = names.flatMap((name) => {
      const one = said[name];
      const place = { vendor: databases[name] ?? "other", service: service.name, variables };
      return one === undefined ? [] : [[name, observationFrom(name, one, place)] as const];
    });
    return { observations: Object.fromEntries(observed) };
  });
}

/**
 * What the first service says that can be asked, or why none could be.
 *
 * @param read makes something of its answer; what this throws is a refusal, too
 */
export async function firstInside<T>(
  { account, services }: Pick<InsideQuestion, "account" | "services">,
  { program, mark, ...options }: JobOptions & { program: string; mark: string },
  read: (text: string, service: ServiceId) => T,
): Promise<T | { refused: string[] }> {
  const render = new Render(account, "");
  const refused: string[] = [];
  for (const service of services)
    try {
      return read(await askInside(render, service, program, mark, options), service);
    } catch (error) {
      refused.push((error as Error).message);
      if (options.signal?.aborted) break;
    }
  return { refused };
}

function answerIn(text: string): z.infer<typeof answerForm> | undefined {
  try {
    return answerForm.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * The program that a job runs.
 *
 * @param given what it is to know; without true, false and null, which Python spells otherwise, and without a secret
 * @param instead what it does in place of the look, in Python, with what look.py has
 */
export function insideProgram(given: object, instead?: string): string {
  const text = readFileSync(path.join(root, "ops", "status", "inside", "look.py"), "utf8");
  const all = { ...given, phrases: phrases.map(([phrase]) => phrase) };
  const program = instead === undefined ? text : text.replace(/main\(\)\n$/, () => instead);
  return `GIVEN = ${JSON.stringify(all)}\n${program}`;
}
