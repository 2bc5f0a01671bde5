/** One deploy: starts its process and finds out whether it is well. */
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Health } from "../backend/health.ts";
import { words } from "../backend/words.ts";
import { type Deploy, preDeployCommandOf, type Service } from "../clouds/render/model.ts";
import { accepts, freePort, isFree } from "../processes/ports.ts";
import { type Exit, SupervisedProcess } from "../processes/supervised.ts";
import { environmentOf, hostOf, listens } from "./environment.ts";
import {
  type Answer,
  healthOf,
  isWell,
  lastWords,
  probe,
  reasonOfExit,
  reasonOfHealth,
  reasonOfTimeout,
} from "./health.ts";
import type { Log } from "./log.ts";

/** What is started, and how long it may take. */
export interface Program {
  /** Program and arguments; no shell in between. */
  command: readonly string[];
  /** Whether it is the small backend: it speaks of its databases, and says when nothing will heal. */
  own: boolean;
  /** The deploy's own folder unless set. */
  cwd?: string | undefined;
  /** Where its command is looked for. */
  path?: string | undefined;
  trust?: string | undefined;
  /** Milliseconds. */
  healthTimeout: number;
  /** Milliseconds between SIGTERM and SIGKILL. */
  killAfter: number;
}

/** A process that serves. */
export interface Booted {
  process: SupervisedProcess;
  port: number | undefined;
  /** Resolves when it has ended, its last line is in the log, and its home folder is removed; never rejects. */
  gone: Promise<Exit>;
}

/** How a deploy went. A process is there exactly when it is live and not a cron job. */
export interface Verdict {
  status: "live" | "update_failed" | "pre_deploy_failed" | "canceled";
  /** Of a failed one: a line for people. */
  reason?: string;
  /** What the small backend said of its databases; not of workers. */
  databases?: Health["databases"];
  booted?: Booted;
}

/** Milliseconds between two looks. */
const interval = 100;
/** A worker is up when it stays up for that long, milliseconds. */
const moment = 1000;
/** Milliseconds that it has to end by itself when nobody is there any more who could wait. */
const abandoned = 1000;
/** A port that somebody takes between our look and the process' own is looked for again, so many times. */
const tries = 3;

/** What a deploy runs, and where. */
interface Given {
  service: Service;
  deploy: Deploy;
  program: Program;
  log: Log;
  /** The process' home folder; made for it, and removed with it. */
  home: string;
  canceled: AbortSignal;
}

export class Attempt {
  private readonly given: Given;
  private readonly cancellation: Promise<void>;

  constructor(given: Given) {
    this.given = given;
    this.cancellation = new Promise((resolve) => {
      given.canceled.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** Resolves when it is decided. What did not become live has ended by then. */
  async run(): Promise<Verdict> {
    // A deploy of a cron job builds it; what runs later, runs on its schedule.
    if (this.given.service.type === "cron_job") return { status: "live" };
    const before = await this.preDeploy();
    if (before !== undefined) return before;
    for (let left = tries; ; left--) {
      if (this.given.canceled.aborted) return { status: "canceled" };
      const { port, wished } = await this.port();
      const booted = await this.start(this.given.program.command, port);
      const verdict = await this.judge(booted);
      if (verdict.status === "live") return { ...verdict, booted };
      void booted.process.end(this.given.program.killAfter);
      await booted.gone;
      if (left === 1 || wished || !this.portWasTaken(booted)) return verdict;
    }
  }

  /**
   * What the service wants done before it is swapped in, where its own code runs: https://render.com/docs/deploys#pre-deploy-command
   *
   * @returns why the deploy ends here; undefined when it goes on
   */
  private async preDeploy(): Promise<Verdict | undefined> {
    const { service, program, log, canceled } = this.given;
    const command = preDeployCommandOf(service);
    if (command === undefined || canceled.aborted) return undefined;
    if (program.own) {
      log.add(`==> ${command} is not run: the small backend has no code of the service's`);
      return undefined;
    }
    const { process, gone } = await this.start(["/bin/sh", "-c", command], undefined);
    await Promise.race([process.exited, this.cancellation]);
    if (canceled.aborted) void process.end(program.killAfter);
    const exit = await gone;
    if (canceled.aborted) return { status: "canceled" };
    if ("code" in exit && exit.code === 0) return undefined;
    const reason = log.redact(`before it, ${reasonOfExit(exit, command, log.lines)}`);
    return { status: "pre_deploy_failed", reason };
  }

  /** The service's own wish where that is free; each of Render's instances has all ports to itself, ours share one machine. */
  private async port(): Promise<{ port: number | undefined; wished: boolean }> {
    if (!listens(this.given.service)) return { port: undefined, wished: false };
    const wish = this.given.deploy.variables.PORT;
    if (wish !== undefined && /^\d{1,5}$/.test(wish) && Number(wish) > 0) {
      if (await isFree(Number(wish))) return { port: Number(wish), wished: true };
      this.given.log.add(`==> PORT ${wish} is taken on this machine; this process gets another one`);
    }
    return { port: await freePort(), wished: false };
  }

  private async start(command: readonly string[], port: number | undefined): Promise<Booted> {
    const { service, deploy, program, log, home } = this.given;
    const { cwd = home, path: searched, trust } = program;
    // Like Render's, it starts empty and is gone with the process.
    await rm(home, { recursive: true, force: true });
    await mkdir(home, { recursive: true, mode: 0o700 });
    const machine = { home: path.resolve(home), port, path: searched, trust };
    const env = environmentOf(service, deploy, machine);
    const outputs = [log.output(), log.output()] as const;
    const order = { command, cwd: path.resolve(cwd), env, killAfter: abandoned };
    const process = new SupervisedProcess(order, [outputs[0].push, outputs[1].push]);
    const gone = process.exited.then(async (exit) => {
      for (const output of outputs) output.end();
      await rm(home, { recursive: true, force: true }).catch(() => undefined);
      return exit;
    });
    return { process, port, gone };
  }

  private async judge({ process, port, gone }: Booted): Promise<Verdict> {
    const { service, program, log, canceled } = this.given;
    const { own, healthTimeout } = program;
    const since = performance.now();
    let up: number | undefined;
    // Render checks the health of web services only: https://render.com/docs/health-checks
    const path = service.type === "web_service" ? this.healthPath() : undefined;
    let answer: Answer | undefined;
    let health: Health | undefined;
    for (;;) {
      if (canceled.aborted) return { status: "canceled" };
      if (process.exit !== undefined) {
        const name = program.command[0] ?? "";
        const reason = log.redact(reasonOfExit(await gone, name, log.lines));
        return { status: "update_failed", reason };
      }
      const waited = performance.now() - since;
      if (port === undefined) {
        // From when there is a process: on a busy machine it is started late, and could not have failed before.
        if (process.pid !== undefined) up ??= performance.now();
        const stays = up !== undefined && performance.now() - up >= moment;
        if (own ? log.lines.includes(words.ready) : stays) return { status: "live" };
      } else if (path === undefined) {
        if (await accepts(port)) return this.live(process, await this.ownHealth(port));
      } else {
        answer = await probe(port, path, hostOf(service));
        health = own ? (healthOf(answer) ?? health) : undefined;
        if (isWell(answer)) return this.live(process, health);
        if (health?.final) return failed(health, "");
      }
      if (waited >= healthTimeout) {
        const { lines } = log;
        if (port === undefined)
          return { status: "update_failed", reason: `it was not ready in time${lastWords(lines)}` };
        return failed(
          health,
          log.redact(reasonOfTimeout({ path, port, status: answer?.status }, healthTimeout, lines)),
        );
      }
      await Promise.race([sleep(interval), process.exited, this.cancellation]);
    }
  }

  /** Somebody else may have answered on the port of a process that has ended. */
  private live(process: SupervisedProcess, health: Health | undefined): Verdict {
    const { exit } = process;
    if (exit !== undefined) {
      const reason = reasonOfExit(exit, this.given.program.command[0] ?? "", this.given.log.lines);
      return { status: "update_failed", reason };
    }
    return { status: "live", ...(health !== undefined && { databases: health.databases }) };
  }

  /** What the small backend says of its databases where Render does not ask for it. */
  private async ownHealth(port: number): Promise<Health | undefined> {
    return this.given.program.own
      ? healthOf(await probe(port, "/health", hostOf(this.given.service)))
      : undefined;
  }

  private healthPath(): string | undefined {
    const { healthCheckPath } = this.given.service.details;
    return typeof healthCheckPath === "string" && healthCheckPath !== "" ? healthCheckPath : undefined;
  }

  private portWasTaken({ process }: Booted): boolean {
    const words = /EADDRINUSE|address already in use/i;
    return process.exit !== undefined && this.given.log.lines.slice(-20).some((line) => words.test(line));
  }
}

function failed(health: Health | undefined, otherwise: string): Verdict {
  const reason = health === undefined ? undefined : reasonOfHealth(health);
  return {
    status: "update_failed",
    reason: reason ?? otherwise,
    ...(health !== undefined && { databases: health.databases }),
  };
}
