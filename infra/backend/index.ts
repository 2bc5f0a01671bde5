/** The backend's Render services: created by this stack, or existing ones that it only gives variables to. */
import * as pulumi from "@pulumi/pulumi";
import type { ContractValues } from "../contract.ts";
import type { Run } from "../run.ts";
import type { ServiceSettings } from "../settings/index.ts";
import { withExtras } from "../values.ts";
import { createdService } from "./created.ts";
import { linkedService } from "./linked.ts";

/** One service of the backend. */
export class Service extends pulumi.ComponentResource {
  /** Render's id, `srv-…` or `crn-…`. */
  readonly id: pulumi.Output<string>;

  /**
   * @param settings one entry of `kairos:backend`
   * @param run with the contract's variables; the service's own are added to them
   */
  constructor(
    name: string,
    settings: ServiceSettings,
    run: Run & { variables: ContractValues },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("kairos:infra:Service", name, {}, opts);
    const given = {
      run,
      variables: withExtras(run.variables, settings.variables, settings.secrets),
      // A service boots when everything that its variables name is there, access list included.
      opts: { parent: this, ...(opts?.dependsOn !== undefined && { dependsOn: opts.dependsOn }) },
    };
    this.id =
      "link" in settings ? linkedService({ settings, ...given }) : createdService({ settings, ...given });
    this.registerOutputs({ id: this.id });
  }
}

/** All of them, in the order of their settings. What migrates comes up first: no other one boots on the schema of before. */
export function servicesOf(
  backend: readonly ServiceSettings[],
  run: Run & { variables: ContractValues },
  opts: { dependsOn: pulumi.Resource[] },
): Service[] {
  const made = (settings: ServiceSettings, first: readonly Service[] = []) =>
    new Service(settings.name, settings, run, { dependsOn: [...opts.dependsOn, ...first] });
  const migrates = (settings: ServiceSettings) => "migration" in settings && settings.migration !== undefined;
  const first = new Map(backend.filter(migrates).map((settings) => [settings, made(settings)]));
  return backend.map((settings) => first.get(settings) ?? made(settings, [...first.values()]));
}
