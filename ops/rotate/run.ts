/**
 * One database's rotation, from wherever the stack's state says that it stands: switch, wait until every service is live
 * with the new credential, wait, look who still uses the old one, end it. Killed anywhere, the next run comes back to
 * the same place.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Step } from "../../engine/cli/operation.ts";
import type { Stack } from "../../engine/cli/stack.ts";
import { UserError } from "../../engine/errors.ts";
import { types } from "../../infra/resources.ts";
import type { Rotatable } from "../../infra/rotation/record.ts";
import type { Render, RenderDeploy } from "../../vendors/render.ts";
import { plural } from "../terminal/amounts.ts";
import type { Progress } from "../terminal/progress.ts";
import { type RotationMethod, wayOf } from "./databases.ts";
import { operate, settledState } from "./engine.ts";
import { deployedFrom, untilLiveWithIt } from "./live.ts";
import { judge, type PlannedStep, plannedStep, stepText } from "./plan.ts";
import { type ServiceId, StackState } from "./state.ts";

/** Options of the command line. */
export interface RotateOptions {
  stack: string;
  /** Milliseconds. */
  grace: number;
  leaked?: true;
  back?: true;
  yes?: true;
  status?: true;
  json?: true;
}

/** What a run works with. */
export interface Tools {
  stack: Stack;
  render: Render;
  progress: Progress;
  options: RotateOptions;
  /** @throws UserError when nobody can be asked */
  confirm(question: string): Promise<boolean>;
}

/** How a rotation ended. */
export interface RotationReport {
  database: Rotatable;
  result: "rotated" | "completed" | "went back" | "nothing to rotate" | "declined";
  /** Numbers of the credentials. */
  from?: number;
  to?: number;
  /** Whom the environment names now. */
  user?: string;
  /** Why there is nothing to rotate; what the database could not tell. */
  note?: string;
  seconds: number;
}

/** Milliseconds that connections of the old user may take to end by themselves once the grace is over. */
const lastConnections = 60_000;

export class RotationRun {
  private readonly started = Date.now();
  /** The newest deploy of each service, by id, of when this run had not deployed it. */
  private readonly before = new Map<string, RenderDeploy>();
  /** Logical names of what this run has done. */
  private readonly done = new Set<string>();

  constructor(
    private readonly database: Rotatable,
    private readonly tools: Tools,
  ) {}

  async go(): Promise<RotationReport> {
    const { stack, progress, options } = this.tools;
    const state = await settledState(stack, (text) => progress.say(text));
    const way = wayOf(this.database, state);
    if (way.kind === "nothing") {
      this.say(`nothing to rotate: ${way.why}`);
      return this.report({ result: "nothing to rotate", note: way.why });
    }
    await this.refuseUnmanaged(state);
    const { current, retiring, last } = state.record(this.database);
    if (options.back) return this.back(state, way);
    if (retiring === undefined && state.leftovers(this.database).length > 0) {
      this.say("an interrupted rotation had ended the old credential; what is left of it is removed");
      await this.step(undefined, [...Array(last + 1).keys()]);
      return this.report({ result: "completed", ...this.now(await StackState.of(stack)) });
    }
    const numbers = retiring === undefined ? [current, last + 1] : [retiring, current];
    if (retiring === undefined) {
      this.say(`credential ${current} is in use. ${way.how}`);
      if (way.kind === "cut-over" && !(await this.mayCut(way))) return this.report({ result: "declined" });
      await this.step("switch", numbers);
    } else {
      this.say(`an interrupted rotation goes on: credential ${current} takes over from ${retiring}`);
      await this.step(undefined, numbers);
    }
    await this.settle(way, numbers[0] ?? 1);
    return this.report({
      result: "rotated",
      from: numbers[0] ?? 1,
      ...this.now(await StackState.of(stack)),
      note: way.told,
    });
  }

  /** To the credential before, which is still valid. */
  private async back(state: StackState, way: RotationMethod): Promise<RotationReport> {
    const { current, retiring } = state.record(this.database);
    if (retiring === undefined)
      throw new UserError(
        `--back: ${this.database} is not between two credentials; expected a rotation under way`,
      );
    // Numbers only grow: the lower one is the old one, and an interrupted way back is not turned round.
    const [old, young] = [Math.min(current, retiring), Math.max(current, retiring)];
    this.say(`back from credential ${young} to ${old}`);
    await this.step(current === young ? "back" : undefined, [old, young]);
    await this.settle(way, young);
    const after = await StackState.of(this.tools.stack);
    return this.report({ result: "went back", from: young, ...this.now(after), note: way.told });
  }

  /** From the moment when the environment has the new credential to the end of the old one. */
  private async settle(way: RotationMethod, old: number): Promise<void> {
    const live = await this.untilAllLive();
    if (way.kind === "overlap") await this.grace(live);
    const state = await StackState.of(this.tools.stack);
    if (this.database === "postgres") await this.untilUnused(state, old);
    else if (way.kind === "overlap") this.say(way.told);
    const { current } = state.record(this.database);
    await this.step("retire", [old, current]);
    const name = state.user(this.database, old);
    this.say(`credential ${old}${name === undefined ? "" : ` (${name})`} is gone`);
  }

  private async mayCut(way: RotationMethod): Promise<boolean> {
    const question = `the vendor can only cut over, ${way.howLong}. Until then the backend runs without it.`;
    this.say(question);
    return this.tools.confirm(`${this.database}: ${question}`);
  }

  /** Looks at what an `up` would do, and does it when that is this step and nothing else. */
  private async step(request: "switch" | "back" | "retire" | undefined, numbers: number[]): Promise<void> {
    const { stack, progress } = this.tools;
    const asked = request === undefined ? undefined : `${this.database}:${request}`;
    const what = request ?? "what was begun";
    progress.begin(`plan of ${what}`);
    const steps: PlannedStep[] = [];
    const preview = await operate(stack, "preview", asked, {
      onEvent: ({ resourcePreEvent }) => {
        if (resourcePreEvent !== undefined) steps.push(plannedStep(resourcePreEvent.metadata));
      },
    });
    if (!preview.ok || preview.errors.length > 0)
      throw new UserError(`pulumi preview failed: ${preview.errors.join("; ")}. Nothing was changed`);
    const { fatal, others, expected } = judge(this.database, numbers, steps);
    if (fatal.length > 0)
      throw new UserError(
        `${this.database}: this would delete or replace a database: ${fatal.map(stepText).join("; ")}. Nothing was changed; npx kairos plan and pulumi preview --diff show why`,
      );
    if (others.length > 0)
      throw new UserError(
        `${this.database}: the stack has other changes waiting: ${others.map(stepText).join("; ")}. Bring them in with pulumi up, or take them back, then run npx kairos rotate again; nothing was changed`,
      );
    progress.done(`plan of ${what}`, `plan of ${what}: ${plural(expected.length, "change")}, no other`);
    if (expected.length === 0 && request === undefined) return;
    // After a retirement no deploy is waited for.
    if (request !== "retire") await this.remember((await StackState.of(stack)).services());
    const { ok, errors } = await operate(stack, "up", asked, { onStep: (step) => this.show(step) });
    if (!ok)
      throw new UserError(
        `pulumi up failed: ${errors[0]}. Once that is put right, run npx kairos rotate again: it goes on from here`,
      );
  }

  private async remember(services: readonly ServiceId[]): Promise<void> {
    await Promise.all(
      services.map(async ({ id }) => {
        const [newest] = await this.tools.render.deploys(id);
        if (newest !== undefined) this.before.set(id, newest);
      }),
    );
  }

  private show({ name, op, state }: Step): void {
    const { progress } = this.tools;
    if (state === "done") this.done.add(name);
    if (state === "started") progress.begin(name);
    else progress.done(name, `${state === "failed" ? "✗" : (signs[op] ?? "·")} ${name}`);
  }

  /** @returns when the last of them became live */
  private async untilAllLive(): Promise<Date> {
    const { stack, render, progress } = this.tools;
    const state = await StackState.of(stack);
    const { since: changed } = state.record(this.database);
    const all = state.services().map(async (service) => {
      const what = `waiting until ${service.name} is live`;
      progress.begin(what);
      const isDeployed = this.done.has(service.record ?? "");
      const before = isDeployed ? this.before.get(service.id) : undefined;
      const since = await untilLiveWithIt(render, service, deployedFrom(before, changed));
      progress.done(what, `${service.name} is live with it`);
      return since.getTime();
    });
    return new Date(Math.max(0, ...(await Promise.all(all))));
  }

  private async grace(live: Date): Promise<void> {
    const { progress, options } = this.tools;
    if (options.leaked) return this.say("no grace: the old credential leaked");
    const left = live.getTime() + options.grace - Date.now();
    if (left <= 0) return;
    const what = "grace of the old credential";
    progress.say(
      `the old credential stays valid until ${new Date(Date.now() + left).toISOString()} (--grace)`,
    );
    progress.begin(what);
    await sleep(left);
    progress.done(what, "the grace is over");
  }

  /** Waits until nobody is logged in with the old credential any more, as Render tells. */
  private async untilUnused(state: StackState, old: number): Promise<void> {
    const { render, options } = this.tools;
    const id = state.one(types.postgres)?.id ?? "";
    const name = state.user(this.database, old);
    const known = new Set([name, state.user(this.database, state.record(this.database).current)]);
    const users = await render.postgresUsers(id);
    const strange = users.map(({ username }) => username).filter((username) => !known.has(username));
    if (strange.length > 0)
      this.say(`Render has users that this stack did not make: ${strange.join(", ")}; they stay`);
    for (const limit = Date.now() + lastConnections; ; await sleep(2000)) {
      const listed = (await render.postgresUsers(id)).find(({ username }) => username === name);
      const open = listed?.openConnections ?? 0;
      if (open === 0) return this.say(`nobody is logged in as ${name} any more`);
      if (options.leaked) return this.say(`${open} connections of ${name} will be ended`);
      if (Date.now() > limit)
        throw new UserError(
          `postgres: ${open} connections still use ${name}, which stays valid. End them, then run npx kairos rotate again; with --leaked they are ended`,
        );
    }
  }

  /** A service that nobody gives the new credential would be locked out. */
  private async refuseUnmanaged(state: StackState): Promise<void> {
    const { stack, options } = this.tools;
    const services = state.services();
    if (services.length === 0)
      throw new UserError("--stack: the stack has no services; expected one that pulumi up has run on");
    const left = services.filter(({ record }) => record === undefined).map(({ name }) => name);
    if (left.length === 0) return;
    const isUntouched = /"untouched":\s*true/.test((await stack.setting("kairos:backend")) ?? "");
    const steps = [
      ...(isUntouched ? ["take untouched: true out of kairos:backend"] : []),
      `pulumi up --stack ${options.stack}`,
      "where it names variables that the service sets itself, delete those at Render",
      "pulumi up once more",
      "npx kairos rotate again",
    ];
    throw new UserError(
      `kairos:backend: the stack gives ${left.join(", ")} no variables yet, so a new credential would not get there. Nothing was changed. Next, in this order: ${steps.map((step, index) => `${index + 1}. ${step}`).join("; ")}`,
    );
  }

  private now(state: StackState): Pick<RotationReport, "to" | "user"> {
    const { current } = state.record(this.database);
    const user = state.user(this.database, current);
    return { to: current, ...(user !== undefined && { user }) };
  }

  private say(text: string): void {
    this.tools.progress.say(`${this.database}: ${text}`);
  }

  private report(rest: Omit<RotationReport, "database" | "seconds">): RotationReport {
    const report = { database: this.database, ...rest, seconds: (Date.now() - this.started) / 1000 };
    if (rest.to !== undefined)
      this.say(
        `${rest.result}: credential ${rest.to}${rest.user === undefined ? "" : ` (${rest.user})`} is in use`,
      );
    return report;
  }
}

const signs: { [op: string]: string } = { create: "+", update: "~", delete: "-", import: "=" };
