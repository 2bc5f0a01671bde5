/** What a sandbox can say of itself, without a secret in it. */
import { contract, type Owner, type VariableName } from "../../infra/contract.ts";
import type { Vendor } from "../../sandbox/clouds/index.ts";
import { deploysOf } from "../../sandbox/clouds/render/index.ts";
import type { DatabaseInfo } from "../../sandbox/databases/index.ts";
import type { Sandbox } from "../../sandbox/index.ts";
import { failedDeploys } from "../../vendors/render.ts";

/** One variable of a service. */
interface ShownVariable {
  name: string;
  /** Left out where it is secret, or nobody said that it is not. */
  value?: string;
  /** Which database it comes from, or the settings. */
  from: Owner | "settings";
}

/** A service, its newest deploy, and what that saw of its databases. */
export interface ServiceState {
  id: string;
  name: string;
  /** Render's word for the newest deploy: `live`, `update_failed`, … */
  status: string;
  /** Whether the newest deploy is still on its way. */
  deploying: boolean;
  deploys: number;
  /** Why it failed, in one line. */
  reason?: string;
  seconds?: number;
  variables: ShownVariable[];
  /** What the process printed, without secrets. */
  log: readonly string[];
  /** By kind of database, as the service reports it. */
  databases: Record<string, { state: string; reason?: string; version?: string }>;
}

export interface SandboxState {
  /** `unused`: another one of its kind is what the services' variables lead to. */
  databases: (DatabaseInfo & { unused?: true })[];
  services: ServiceState[];
  /** Calls that each vendor's API answered. */
  calls: Record<Vendor, number>;
  /** Hosts outside that something asked for, and did not reach. */
  refused: readonly string[];
}

const settledStatuses = new Set(["live", ...failedDeploys]);

/** @param plain names of variables that the settings say are no secret */
export function stateOf({ clouds, databases, deploys }: Sandbox, plain: ReadonlySet<string>): SandboxState {
  const services = Object.values(clouds.render.state.services).map((service): ServiceState => {
    const all = deploysOf(clouds.render, service.id);
    const [newest] = all;
    const outcome = newest && deploys.outcome(newest.id);
    return {
      id: service.id,
      name: service.name,
      status: newest?.status ?? "not deployed",
      deploying: newest !== undefined && !settledStatuses.has(newest.status),
      deploys: all.length,
      ...(outcome?.reason !== undefined && { reason: outcome.reason }),
      ...(outcome && { seconds: outcome.seconds }),
      variables: inOrder(newest?.variables ?? {}).map(([name, value]) => ({
        name,
        ...(isPlain(name, plain) && { value }),
        from: name in contract ? contract[name as VariableName].owner : "settings",
      })),
      log: outcome?.log ?? [],
      databases: (outcome?.databases ?? {}) as ServiceState["databases"],
    };
  });
  const calls = Object.entries(clouds.served).map(([vendor, { calls }]) => [vendor, calls.length]);
  return {
    databases: withUse(
      databases.list(),
      Object.values(clouds.render.state.services).flatMap(({ id }) =>
        Object.values(deploysOf(clouds.render, id)[0]?.variables ?? {}),
      ),
    ),
    services,
    calls: Object.fromEntries(calls) as SandboxState["calls"],
    refused: clouds.refused,
  };
}

/** Each listens on a port of its own, so a variable that leads to it has that. */
export function withUse(all: readonly DatabaseInfo[], values: readonly string[]): SandboxState["databases"] {
  const isUsed = ({ port }: DatabaseInfo) =>
    values.some((value) => value === `${port}` || new RegExp(`:${port}(\\D|$)`).test(value));
  return all.map((one) => {
    const another = all.some((other) => other !== one && other.kind === one.kind && isUsed(other));
    return another && !isUsed(one) ? { ...one, unused: true } : one;
  });
}

/** The contract's first, in its order. */
function inOrder(variables: Readonly<Record<string, string>>): [string, string][] {
  const rank = new Map(Object.keys(contract).map((name, index) => [name, index]));
  const rankOf = ([name]: [string, string]) => rank.get(name) ?? rank.size;
  return Object.entries(variables).sort((a, b) => rankOf(a) - rankOf(b));
}

/** Whether a value may be shown: the contract or the settings say so. */
export function isPlain(name: string, plain: ReadonlySet<string>): boolean {
  return name in contract ? !contract[name as VariableName].secret : plain.has(name);
}
