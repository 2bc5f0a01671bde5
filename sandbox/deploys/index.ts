/** Deploys as Render makes them: boots a process with a service's variables, and swaps it in when it is well. */
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import type { Deploy, Job, Service } from "../clouds/render/model.ts";
import { SupervisedProcess } from "../processes/supervised.ts";
import { Attempt, type Booted, type Program, type Verdict } from "./attempt.ts";
import { environmentOf } from "./environment.ts";
import { Log, redactor } from "./log.ts";

export interface DeployOptions {
  /** A folder of this sandbox's own: one log for each deploy, `<id>.log`, and the processes' home folders. */
  folder: string;
  /** What is booted: program and arguments; no shell in between. */
  command: readonly string[];
  /** Whether it is the small backend (sandbox/backend/main.ts), which tells how its databases are. */
  own?: boolean;
  /** Where that command runs; this process' own working directory by default. */
  cwd?: string;
  /** PEM file of an authority that the processes trust: NODE_EXTRA_CA_CERTS and SSL_CERT_FILE. */
  trust?: string;
  /** Milliseconds until a deploy has to be well; 15 seconds by default, where Render waits 15 minutes. */
  healthTimeout?: number;
  /** Milliseconds between SIGTERM and SIGKILL; 5 seconds by default, where Render waits 30. */
  killAfter?: number;
  /**
   * What happens to a deploy that is in progress when another one of its service is asked for: that one waits for it,
   * and only the newest of those that wait is made; or it is canceled. Render's two policies; `wait` is the one of
   * workspaces since 2025-07-14. https://render.com/docs/deploys#handling-overlapping-deploys
   */
  overlap?: "wait" | "override";
  /** Which variables are secret besides those of the contract. */
  isSecret?: (variable: string) => boolean;
  onEvent?: (event: DeployEvent) => void;
  /** What a process' variables are where it runs: names of the private network lead somewhere there. */
  resolve?: (service: Service, variables: Deploy["variables"]) => Deploy["variables"];
}

/** What happens to a deploy of a service, by the service's name. */
export type DeployEvent = { service: string; deployId: string } & DeployStep;

type DeployStep =
  | { kind: "started" | "canceled" | "live" }
  /** Waits for the one that is in progress. */
  | { kind: "waiting" }
  /** A line of the log, without secrets. */
  | { kind: "line"; line: string }
  | { kind: "failed"; reason: string }
  /** The process of a live deploy ended by itself. It is not started again, as Render would. */
  | { kind: "exited"; reason: string };

/** The process that serves a service now. */
export interface Running {
  deployId: string;
  pid: number;
  /** Of web and private services: where it listens on 127.0.0.1. */
  port?: number;
  url?: string;
  /** The last 500 lines, without secrets. */
  log: readonly string[];
}

/** How a deploy ended. */
export interface Outcome extends Omit<Verdict, "booted"> {
  log: readonly string[];
  /** From the moment it was asked for. */
  seconds: number;
}

/** A deploy on its way. */
interface Pending {
  service: Service;
  deploy: Deploy;
  since: number;
  cancel: AbortController;
  decided: (status: Verdict["status"]) => void;
}

/** What happens for one service: one deploy at a time. */
interface Lane {
  current?: Pending | undefined;
  waiting?: Pending | undefined;
  live?: { deployId: string; booted: Booted; log: Log } | undefined;
}

/** The contract's; passwords inside URLs are found. */
const secretVariables = ["MONGODB_URL", "POSTGRES_PASSWORD", "REDIS_URL"];

export class Deploys {
  private readonly options: DeployOptions;
  private readonly lanes = new Map<string, Lane>();
  private readonly outcomes = new Map<string, Outcome>();
  /** By service and by job: what was printed, the oldest first. */
  private readonly logs = new Map<string, Log[]>();
  private readonly jobs = new Map<string, SupervisedProcess>();
  /** What still has to end: deploys on their way, processes that were told to. */
  private readonly ending = new Set<Promise<unknown>>();
  private readonly program: Program;

  constructor(options: DeployOptions) {
    this.options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    const { command, own = false, cwd, trust, healthTimeout = 15_000, killAfter = 5000 } = options;
    const elsewhere = own ? {} : { cwd: cwd ?? process.cwd(), path: process.env.PATH ?? "" };
    this.program = { command, own, trust, healthTimeout, killAfter, ...elsewhere };
  }

  /** What a deploy of Render's model does. Never rejects. */
  readonly boot = (service: Service, deploy: Deploy): Promise<Verdict["status"]> =>
    new Promise((decided) => {
      const lane = this.lanes.get(service.id) ?? {};
      this.lanes.set(service.id, lane);
      const pending = { service, deploy, decided, since: performance.now(), cancel: new AbortController() };
      if (lane.current === undefined) return this.begin(lane, pending);
      if (lane.waiting !== undefined) this.decide(lane.waiting, { status: "canceled" }, []);
      lane.waiting = pending;
      this.tell(pending, { kind: "waiting" });
      if (this.options.overlap === "override") lane.current.cancel.abort();
    });

  running(serviceId: string): Running | undefined {
    const live = this.lanes.get(serviceId)?.live;
    if (live?.booted.process.pid === undefined || live.booted.process.exit !== undefined) return undefined;
    const { process, port } = live.booted;
    return {
      deployId: live.deployId,
      pid: Number(process.pid),
      ...(port !== undefined && { port, url: `http://127.0.0.1:${port}` }),
      log: live.log.lines,
    };
  }

  /** Undefined while it is in progress. */
  outcome(deployId: string): Outcome | undefined {
    return this.outcomes.get(deployId);
  }

  /** For a service that is deleted or suspended: cancels its deploys, ends its process. */
  async stop(serviceId: string): Promise<void> {
    const lane = this.lanes.get(serviceId);
    if (lane === undefined) return;
    this.lanes.delete(serviceId);
    if (lane.waiting !== undefined) this.decide(lane.waiting, { status: "canceled" }, []);
    lane.waiting = undefined;
    lane.current?.cancel.abort();
    await this.retire(lane);
    await Promise.all(this.ending);
  }

  /** Runs a job's command to its end, where the service's processes run. */
  async job(service: Service, job: Job, variables: Deploy["variables"]): Promise<"succeeded" | "failed"> {
    const { cwd, killAfter, trust } = this.program;
    const log = this.logOf(job.id, job.id, variables, () => undefined);
    const home = path.join(this.options.folder, job.id);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const asDeploy = { ...job, status: "live" as const, variables: this.resolved(service, variables) };
    const env = environmentOf(service, asDeploy, { home, path: process.env.PATH, trust });
    const output = log.output();
    const running = new SupervisedProcess(
      { command: ["/bin/sh", "-c", job.startCommand], cwd: cwd ?? home, env, killAfter },
      [output.push, output.push],
    );
    this.jobs.set(job.id, running);
    const exit = await running.exited;
    this.jobs.delete(job.id);
    output.end();
    log.close();
    await rm(home, { recursive: true, force: true });
    return "code" in exit && exit.code === 0 ? "succeeded" : "failed";
  }

  stopJob(id: string): void {
    void this.jobs.get(id)?.end(0);
  }

  /** What a service's deploys or a job have printed. */
  readonly lines = (resource: string) => (this.logs.get(resource) ?? []).flatMap(({ printed }) => printed);

  /** Ends everything. */
  async close(): Promise<void> {
    await Promise.all([...this.lanes.keys()].map((id) => this.stop(id)));
    await Promise.all(this.ending);
  }

  private resolved(service: Service, variables: Deploy["variables"]): Deploy["variables"] {
    return this.options.resolve?.(service, variables) ?? variables;
  }

  private logOf(
    resource: string,
    id: string,
    variables: Deploy["variables"],
    onLine: (line: string) => void,
  ): Log {
    const { isSecret = () => false, folder } = this.options;
    const secrets = Object.entries(variables)
      .filter(([name]) => secretVariables.includes(name) || isSecret(name))
      .map(([, value]) => value);
    const log = new Log(path.join(folder, `${id}.log`), redactor(secrets), onLine);
    // Of a service the two newest deploys: the one that runs, and the one that is to run.
    this.logs.set(resource, [...(this.logs.get(resource) ?? []).slice(-1), log]);
    return log;
  }

  private begin(lane: Lane, pending: Pending): void {
    lane.current = pending;
    const done = this.make(lane, pending).finally(() => this.ending.delete(done));
    this.ending.add(done);
  }

  private async make(lane: Lane, pending: Pending): Promise<void> {
    const { service, deploy, cancel } = pending;
    const log = this.logOf(service.id, deploy.id, deploy.variables, (line) =>
      this.tell(pending, { kind: "line", line }),
    );
    this.tell(pending, { kind: "started" });
    const home = path.join(this.options.folder, deploy.id);
    const there = { ...deploy, variables: this.resolved(service, deploy.variables) };
    const given = { service, deploy: there, program: this.program, log, home, canceled: cancel.signal };
    const verdict = await new Attempt(given)
      .run()
      .catch((error): Verdict => ({ status: "update_failed", reason: log.redact(String(error.message)) }));
    const decision = await this.swap(lane, pending, verdict, log);
    // All at once: whoever hears of the decision may ask for the next deploy.
    const { waiting } = lane;
    lane.current = undefined;
    lane.waiting = undefined;
    this.decide(pending, decision, log.lines);
    if (waiting !== undefined) this.begin(lane, waiting);
  }

  /** A live one takes the place of the one before, which only then is ended; of any other nothing is left. */
  private async swap(lane: Lane, pending: Pending, verdict: Verdict, log: Log): Promise<Verdict> {
    const { booted } = verdict;
    if (pending.cancel.signal.aborted) {
      if (booted !== undefined) await this.end(booted);
      log.close();
      return { status: "canceled" };
    }
    // A cron job's has no process.
    if (booted === undefined) {
      log.close();
      return verdict;
    }
    void this.retire(lane);
    const live = { deployId: pending.deploy.id, booted, log };
    lane.live = live;
    void booted.gone.then((exit) => {
      log.close();
      if (lane.live !== live) return;
      lane.live = undefined;
      const how = "problem" in exit ? exit.problem : (exit.signal ?? `code ${exit.code}`);
      this.tell(pending, { kind: "exited", reason: `the process ended with ${how}` });
    });
    return verdict;
  }

  private retire(lane: Lane): Promise<void> {
    const { live } = lane;
    lane.live = undefined;
    if (live === undefined) return Promise.resolve();
    const ended = this.end(live.booted).finally(() => this.ending.delete(ended));
    this.ending.add(ended);
    return ended;
  }

  private async end({ process, gone }: Booted): Promise<void> {
    await process.end(this.program.killAfter);
    await gone;
  }

  private decide(pending: Pending, verdict: Verdict, log: readonly string[]): void {
    const { booted: _, ...outcome } = verdict;
    const { status, reason } = outcome;
    const seconds = Math.round(performance.now() - pending.since) / 1000;
    this.outcomes.set(pending.deploy.id, { ...outcome, log, seconds });
    if (status === "live" || status === "canceled") this.tell(pending, { kind: status });
    else this.tell(pending, { kind: "failed", reason: reason ?? "" });
    pending.decided(status);
  }

  private tell({ service, deploy }: Pending, what: DeployStep): void {
    this.options.onEvent?.({ service: service.name, deployId: deploy.id, ...what });
  }
}
