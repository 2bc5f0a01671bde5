/** What a run of the sandbox found, as data and for people. Holds no secret. */
import pc from "picocolors";
import { ownerNames } from "../../infra/contract.ts";
import type { DatabaseInfo } from "../../sandbox/databases/index.ts";
import { inSeconds, operations, plural } from "../terminal/amounts.ts";
import { tableText } from "../terminal/table.ts";
import type { Wish } from "./folder.ts";
import { type PolicyVerdict, policyLines } from "./policies.ts";
import { nameFlag } from "./start.ts";
import type { SandboxState, ServiceState } from "./state.ts";

export interface SandboxReport {
  /** `pulumi 3.255.0`, or `dress rehearsal`. */
  engine: string;
  /** Why it is only a rehearsal. */
  why?: string;
  /** Resources by what was done to them. */
  changes: { [op: string]: number };
  /** What a preview afterwards would change; undefined without an engine. */
  previewChanges?: number;
  /** What the policies say; undefined when it did not come to that. */
  policies?: PolicyVerdict;
  /** Seconds of `up`, and of everything. */
  seconds: { up: number; all: number };
  state: SandboxState;
  errors: string[];
  /** Whether everything is as it should be. */
  ok: boolean;
}

/** A database with what the services say of it. */
interface DatabaseReport
  extends Pick<DatabaseInfo, "kind" | "name" | "vendor" | "software" | "real" | "note"> {
  ok: boolean;
  words: string;
  unused?: true;
}

/** Whether the newest deploy of every service is live. */
export const allLive = ({ services }: SandboxState) =>
  services.length > 0 && services.every(({ status }) => status === "live");

/** Ends with a newline. */
export function reportText(report: SandboxReport): string {
  const { state } = report;
  const parts = [
    ...state.services.flatMap((service) => [environment(service), log(service)]),
    state.databases.length === 0 ? "" : databases(state),
    summary(report),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function environment({ name, variables }: ServiceState): string {
  const rows = variables.map(({ name, value = pc.dim("[secret]"), from }) => [name, value, from]);
  return `${pc.bold(`What ${name} runs with`)}\n${tableText(["variable", "value", "from"], rows)}`;
}

function log({ name, log }: ServiceState): string {
  if (log.length === 0) return "";
  return `${pc.bold(`What ${name} printed`)}\n${log.map((line) => `  ${line}`).join("\n")}`;
}

function databases(state: SandboxState): string {
  const all = verdicts(state);
  const rows = all.map(({ kind, name, vendor, software, real, ok, words, unused }) => [
    `${ownerNames[kind]} ${pc.dim(name)}`,
    vendor,
    `${software}${real ? " (real)" : ""}`,
    unused ? pc.dim("no service uses it") : ok ? pc.green(`✓ ${words}`) : pc.red(`✗ ${words}`),
  ]);
  const head = ["database", "vendor (stand-in)", "what runs behind it", "seen from the backend"];
  const notes = all.flatMap(({ software, note }) =>
    note === undefined ? [] : [pc.dim(`   ${software}: ${note}`)],
  );
  return [pc.bold("Databases"), tableText(head, rows), ...new Set(notes)].join("\n");
}

/** Every database that runs, as the services of the newest deploys see it. */
function verdicts({ databases, services }: SandboxState): DatabaseReport[] {
  return databases.map((database) => {
    const seen = services
      .map((service) => service.databases[database.kind])
      .filter((one) => one !== undefined);
    const bad = seen.find(({ state }) => state !== "connected");
    const words = bad?.reason ?? bad?.state ?? (seen.length === 0 ? "not asked" : "connected");
    return { ...database, ok: seen.length > 0 && bad === undefined, words };
  });
}

function summary(report: SandboxReport): string {
  const { engine, why, changes, previewChanges, policies, seconds, state, errors, ok } = report;
  const calls = Object.entries(state.calls).filter(([, count]) => count > 0);
  const total = calls.reduce((sum, [, count]) => sum + count, 0);
  const each = calls.map(([vendor, count]) => `${names[vendor] ?? vendor} ${count}`).join(", ");
  const lines = [
    `${operations(changes) || "nothing to do"} ${why === undefined ? `by ${engine}` : `in a ${engine}`}, ${inSeconds(seconds.up)}${total > 0 && why === undefined ? `; ${plural(total, "API call")} (${each})` : ""}`,
    ...(why === undefined ? [] : [`not a real pulumi up: ${why}; no state, and nothing to preview against`]),
    ...(previewChanges === undefined ? [] : [`preview afterwards: ${plural(previewChanges, "change")}`]),
    ...(policies === undefined ? [] : policyLines(policies)),
    ...state.refused.map((host) => pc.yellow(`refused: something asked for ${host}`)),
    ...state.services
      .filter(({ status }) => status !== "live")
      .map(({ name, status, reason }) =>
        pc.red(`${name}: deploy ${status}${reason === undefined ? "" : `: ${reason}`}`),
      ),
    ...errors.map((line) => pc.red(line)),
  ];
  const end = ok ? pc.green("all well") : pc.red("not well");
  return `${lines.join("\n")}\n${pc.bold(end)}, ${inSeconds(seconds.all)} in all`;
}

const names: { [vendor: string]: string } = {
  atlas: "Atlas",
  render: "Render",
  upstash: "Upstash",
  redisCloud: "Redis Cloud",
};

/** What one can do with a sandbox that keeps running. Lines for people; without a newline at the end. Each command works as it stands, on what brought the stack up. */
export function howTo(name: string, engine: Wish["engine"]): string {
  const flag = nameFlag(name);
  const withEngine = [
    [`pulumi${flag} preview --diff`, "any command of pulumi, on this stack"],
    [`operate${flag} npx kairos status --stack sandbox`, "any command, as an operator of this stack"],
    [
      `operate${flag} npx kairos rotate mongodb --leaked --stack sandbox`,
      "a new password, and the old one gone",
    ],
    [`operate${flag} npx kairos review watch --stack sandbox`, "what is no longer as Pulumi left it"],
  ] as const;
  const rows = [
    [`--keep${flag} --redis render`, "up again, with other settings"],
    ...(engine === "pulumi" ? withEngine : []),
    [`exec${flag} npx kairos status --from-env`, "any command, with the variables of the backend"],
    [`status${flag}`, "services, databases, calls"],
    [`down${flag}`, "stop; the data stays"],
    [`reset${flag}`, "stop and remove everything"],
  ] as const;
  const width = Math.max(...rows.map(([command]) => command.length));
  return [
    pc.bold("It keeps running."),
    ...rows.map(([command, what]) => `  npx kairos sandbox ${command.padEnd(width)}  ${pc.dim(what)}`),
  ].join("\n");
}
