/**
 * Lives of a stack that nobody planned: what operators do, in any order, with what goes wrong meanwhile. After each step
 * the backend can still log in, no database was lost, and no secret was shown; at the end all is as the settings say.
 */
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import type { Engine } from "../../../engine/cli/find.ts";
import { removeEmptySidecars } from "../../../engine/cli/sidecar.ts";

import type { Vendor } from "../../../sandbox/clouds/index.ts";
import * as render from "../../../sandbox/clouds/render/index.ts";
import { leaks, leaksIn } from "../../canaries.ts";
import { type Fault, faultsOf } from "../../helpers/faults.ts";
import type { Outcome } from "../harness.ts";
import { clearFaults, type Ground, newGround } from "./ground.ts";

/** What an operator does, or what happens to him. */
export type Step =
  | { do: "up" | "refresh" | "two at once" | "drift by hand" | "an entry goes by hand" }
  | { do: "up that is killed"; after: number }
  | { do: "up with a fault"; vendor: Vendor; method: string; nth: number; fault: Fault }
  | { do: "pool size"; to: number }
  | { do: "log level"; to: string }
  | { do: "eviction"; to: boolean }
  | { do: "larger Postgres" }
  | { do: "forbidden"; what: keyof typeof forbidden }
  | { do: "rotate"; step: "switch" | "back" | "retire" };

/** What would lose a database whose name nobody gave: sections of the settings. */
const forbidden = {
  "another version of Postgres": { postgres: { version: "17" } },
  "another region of Postgres": { postgres: { region: "ohio" } },
  "no Postgres": { postgres: { enabled: false } },
  "another name of the cluster": { mongodb: { name: "kairos-other" } },
  "another Redis": { redis: { name: "kairos-other" } },
  "no Redis": { redis: { provider: "none" } },
} as const satisfies Record<string, Record<string, object>>;

const faults: Fault[] = [
  "too many requests",
  "server error",
  "reset",
  "slow",
  "lost answer",
  "malformed body",
];

/** Any life. The first step is an `up`, that may go wrong. */
export const lives = (longest: number): fc.Arbitrary<Step[]> => {
  const killed = fc.record({
    do: fc.constant("up that is killed" as const),
    after: fc.integer({ min: 300, max: 12_000 }),
  });
  const faulty = fc.record({
    do: fc.constant("up with a fault" as const),
    vendor: fc.constantFrom<Vendor>("render", "atlas", "upstash"),
    method: fc.constantFrom("GET", "POST", "PATCH", "PUT"),
    nth: fc.integer({ min: 1, max: 6 }),
    fault: fc.constantFrom(...faults),
  });
  const plain = fc.constantFrom<Step>(
    { do: "up" },
    { do: "refresh" },
    { do: "two at once" },
    { do: "drift by hand" },
    { do: "an entry goes by hand" },
    { do: "larger Postgres" },
  );
  const settings = fc.oneof(
    fc.record({ do: fc.constant("pool size" as const), to: fc.integer({ min: 20, max: 500 }) }),
    fc.record({ do: fc.constant("log level" as const), to: fc.constantFrom("debug", "info", "é $HOME 'x'") }),
    fc.record({ do: fc.constant("eviction" as const), to: fc.boolean() }),
  );
  const refused = fc.record({
    do: fc.constant("forbidden" as const),
    what: fc.constantFrom(...(Object.keys(forbidden) as (keyof typeof forbidden)[])),
  });
  const rotate = fc.record({
    do: fc.constant("rotate" as const),
    step: fc.constantFrom("switch" as const, "back" as const, "retire" as const),
  });
  const start = fc.oneof(fc.constant<Step>({ do: "up" }), killed, faulty);
  const more = fc.array(fc.oneof(killed, faulty, plain, settings, refused, rotate), {
    minLength: 1,
    maxLength: longest - 1,
  });
  return fc.tuple(start, more).map(([first, rest]) => [first, ...rest]);
};

/** Lives it. @throws with the step after which something was wrong, and what */
export async function live(
  steps: readonly Step[],
  engine: Engine,
  say: (line: string) => void,
): Promise<void> {
  const ground = await newGround(engine);
  const life = new Life(ground);
  try {
    await life.begin();
    for (const [index, step] of steps.entries()) {
      const start = Date.now();
      await life.take(step);
      say(
        `${index + 1}/${steps.length} ${JSON.stringify(step)} ${((Date.now() - start) / 1000).toFixed(1)} s`,
      );
    }
    await life.end();
  } finally {
    await ground.remove();
  }
}

type Section = Record<string, unknown>;

/** One stack, and what is known of it. */
class Life {
  /** What the settings say, where that is not the sandbox's. */
  private readonly variables: Record<string, string> = {};
  private readonly secrets = new Set<string>();
  /** Ids of databases, by what they are: once there, there for ever. */
  private readonly databases = new Map<string, string>();
  private printed = "";

  constructor(private readonly ground: Ground) {}

  /** No database may go: nobody gave its name. */
  async begin(): Promise<void> {
    for (const name of ["mongodb", "postgres", "redis"]) delete this.section(name).mayBeDestroyed;
    await this.save();
  }

  async take(step: Step): Promise<void> {
    const wrong = [...(await this.carryOut(step)), ...(await this.harm())];
    if (wrong.length > 0)
      throw new Error(`after ${JSON.stringify(step)}: ${wrong.join("; ")}\n${this.printed.slice(-4000)}`);
  }

  /** Left alone, it becomes what the settings say, and stays so. */
  async end(): Promise<void> {
    const wrong = [
      ...failed("the refresh", await this.run("refresh", "--yes", "--skip-preview")),
      ...failed("the last up", await this.run("up", "--yes", "--skip-preview")),
      ...(await this.retired()),
      ...failed("a preview after the last up", await this.run("preview", "--expect-no-changes", "--diff")),
      ...(await this.ground.wrong(this.variables)),
      ...(await this.harm()),
      ...(await leaksIn(this.ground.stack.stateFolder, [...this.secrets, ...this.ground.stack.secrets])).map(
        (one) => `the state holds ${one}`,
      ),
    ];
    if (wrong.length > 0) throw new Error(`at the end: ${wrong.join("; ")}\n${this.printed.slice(-4000)}`);
  }

  private async carryOut(step: Step): Promise<string[]> {
    const { clouds, stack } = this.ground;
    switch (step.do) {
      case "up": {
        const said = await this.run("preview");
        const done = await this.run("up", "--yes", "--skip-preview");
        const [planned, happened] = [said, done].map(({ stdout }) => summaryIn(stdout));
        return [
          ...failed("up", done),
          ...(planned === happened ? [] : [`up did not what its preview said: ${planned}; ${happened}`]),
        ];
      }
      case "refresh":
        return failed("refresh", await this.run("refresh", "--yes", "--skip-preview"));
      case "two at once": {
        const both = await Promise.all([
          this.run("up", "--yes", "--skip-preview"),
          this.run("up", "--yes", "--skip-preview"),
        ]);
        const refused = both.filter(({ exitCode }) => exitCode !== 0);
        return refused.length < 2 && refused.every(({ all }) => /locked/.test(all))
          ? []
          : ["two ups at once: neither, or another reason than a lock"];
      }
      case "up that is killed":
        this.printed += (
          await stack.killable(
            AbortSignal.timeout(step.after),
            "up",
            "--yes",
            "--skip-preview",
            "--stack",
            "test",
          )
        ).all;
        // What it had begun goes on for a moment: the providers end when they notice.
        await sleep(300);
        await removeEmptySidecars(stack.environment.PULUMI_BACKEND_URL ?? "", "/");
        await this.run("cancel", "--yes");
        return [];
      case "up with a fault": {
        const { vendor, method, nth, fault } = step;
        faultsOf(clouds.served[vendor]).add({ fault, method, nth, ms: 300 });
        await this.run("up", "--yes", "--skip-preview");
        clearFaults(clouds);
        return [];
      }
      case "drift by hand":
        for (const { id, envVars } of Object.values(clouds.render.state.services))
          render.setVariables(
            clouds.render,
            id,
            envVars.map(({ key, value }) => ({ key, value: key === "MONGODB_MIN_POOL_SIZE" ? "7" : value })),
          );
        return [];
      case "an entry goes by hand":
        for (const { id } of clouds.atlas.projects.list())
          for (const { cidrBlock } of clouds.atlas.accessList.list(id))
            clouds.atlas.accessList.delete(id, cidrBlock);
        return [];
      case "pool size":
        this.section("mongodb").driver = { maxPoolSize: step.to };
        this.variables.MONGODB_MAX_POOL_SIZE = String(step.to);
        return this.saved();
      case "log level":
        (this.ground.config["kairos:backend"] as Section[])[0] = {
          ...this.service(),
          variables: { LOG_LEVEL: step.to },
        };
        this.variables.LOG_LEVEL = step.to;
        return this.saved();
      case "eviction":
        this.section("redis").eviction = step.to;
        return this.saved();
      case "larger Postgres":
        this.section("postgres").plan = "basic_1gb";
        return this.saved();
      case "forbidden":
        return this.refused(step.what);
      case "rotate":
        return this.rotate(step.step);
    }
  }

  /** An `up` that must not be, where there is something to lose. */
  private async refused(what: keyof typeof forbidden): Promise<string[]> {
    const { stack, config } = this.ground;
    const changed = Object.entries(forbidden[what]).map(([name, more]) => [
      `kairos:${name}`,
      { ...(config[`kairos:${name}`] as Section), ...more },
    ]);
    const [name = ""] = Object.keys(forbidden[what]);
    const isThere = this.databases.has(name);
    // Where nothing is there yet, it would be made otherwise than the life goes on.
    if (!isThere) return [];
    await stack.configure({ ...config, ...Object.fromEntries(changed) });
    const { exitCode } = await this.run("up", "--yes", "--skip-preview");
    await this.save();
    return exitCode === 0 ? [`${what} was not refused`] : [];
  }

  /** A step of a rotation, which fits or is refused. */
  private async rotate(step: string): Promise<string[]> {
    const { environment } = this.ground.stack;
    const outcome = await this.run("up", "--yes", "--skip-preview", `KAIROS_ROTATE=mongodb:${step}`);
    delete environment.KAIROS_ROTATE;
    return outcome.exitCode === 0 || /nothing was changed|there is no|not (yet )?created/.test(outcome.all)
      ? []
      : failed(`rotate ${step}`, outcome);
  }

  /** A rotation that is under way comes to its end. */
  private async retired(): Promise<string[]> {
    const { atlas } = this.ground.clouds;
    const users = atlas.projects.list().flatMap(({ id }) => atlas.users.list(id));
    return users.length < 2 ? [] : this.rotate("retire");
  }

  /** What may never be, whatever goes wrong. */
  private async harm(): Promise<string[]> {
    const { clouds, stack } = this.ground;
    const { atlas, render: atRender, upstash } = clouds;
    const users = atlas.projects.list().flatMap(({ id }) => atlas.users.list(id));
    const found: [what: string, id: string][] = [
      ...atlas.projects
        .list()
        .flatMap(({ id }) => atlas.flexClusters.list(id).map((): [string, string] => ["mongodb", id])),
      ...Object.keys(atRender.state.postgres).map((id): [string, string] => ["postgres", id]),
      ...upstash.list().map(({ database_id }): [string, string] => ["redis", database_id]),
    ];
    for (const { password } of [...users, ...upstash.list()]) if (password) this.secrets.add(password);
    for (const id of Object.keys(atRender.state.postgres)) {
      const { password } = new URL(render.postgresConnection(atRender, id).internalConnectionString);
      this.secrets.add(decodeURIComponent(password));
    }
    const ids = new Set(found.map(([what, id]) => `${what} ${id}`));
    const lost = [...this.databases].filter(([what, id]) => !ids.has(`${what} ${id}`));
    for (const [what, id] of found) if (!this.databases.has(what)) this.databases.set(what, id);
    const shown = leaks(this.printed, [...this.secrets, ...stack.secrets]);
    return [
      ...lost.map(([what, id]) => `${what} ${id} is gone`),
      ...shown.map((one) => `${one} was printed`),
      ...(this.canLogIn(users) ? [] : ["the backend can no longer log in to MongoDB"]),
    ];
  }

  /** Whether Atlas has the user that the newest deploy has. */
  private canLogIn(users: readonly { username: string; password?: string | undefined }[]): boolean {
    const { render: atRender } = this.ground.clouds;
    const [service] = Object.values(atRender.state.services);
    const deploy = service && render.deploysOf(atRender, service.id)[0];
    const { MONGODB_URL: url } = deploy?.variables ?? {};
    if (url === undefined) return true;
    const [, user = "", password = ""] = /^mongodb\+srv:\/\/([^:]*):([^@]*)@/.exec(url) ?? [];
    return users.some(
      (one) => one.username === decodeURIComponent(user) && one.password === decodeURIComponent(password),
    );
  }

  private section(name: string): Section {
    return this.ground.config[`kairos:${name}`] as Section;
  }

  private service(): Section {
    return (this.ground.config["kairos:backend"] as Section[])[0] ?? {};
  }

  private save = () => this.ground.stack.configure(this.ground.config);

  private async saved(): Promise<string[]> {
    await this.save();
    return [];
  }

  /** Runs the CLI; an argument with `=` is a variable of this run. */
  private async run(...args: string[]): Promise<Outcome> {
    const { stack } = this.ground;
    for (const one of args)
      if (/^KAIROS_\w+=/.test(one)) Object.assign(stack.environment, Object.fromEntries([one.split("=")]));
    const outcome = await stack.pulumi(...args.filter((one) => !one.includes("=")), "--stack", "test");
    this.printed += outcome.all;
    return outcome;
  }
}

/** `+ 12, ~ 1` of what was done or is to be done; nothing of what stays. */
const summaryIn = (output: string): string =>
  [...output.slice(output.lastIndexOf("Resources:")).matchAll(/^\s+([+~=-]+|\+-) (\d+) /gm)]
    .map(([, sign, count]) => `${sign} ${count}`)
    .join(", ");

const failed = (what: string, { exitCode }: Outcome): string[] => (exitCode === 0 ? [] : [`${what} failed`]);
