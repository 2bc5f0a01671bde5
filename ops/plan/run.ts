/** Runs a program in process and turns what it registered into a plan. */
import { Recorder, type Registration } from "../../engine/in-process/recorder.ts";
import { unknownValue } from "../../engine/in-process/wire.ts";
import { contract } from "../../infra/contract.ts";
import { essentialsPlan, holdsData } from "../../infra/resources.ts";
import { givenSettings } from "../../infra/settings/index.ts";
import { estimate, redisCloudPlan } from "../cost/estimate.ts";
import { budgetWarning } from "../cost/words.ts";
import { completed } from "./complete.ts";
import type { Plan, PlannedResource, PlannedService, Value } from "./model.ts";
import { policyReport } from "./policies.ts";
import type { Program } from "./program.ts";
import type { StackFile } from "./stack-file.ts";
import { Tokens } from "./tokens.ts";
import { ownerOfVariables, valuesIn } from "./values.ts";
import { vendorOutputs } from "./vendor-outputs.ts";
import { warningsOf } from "./warnings.ts";

/**
 * The plan of a stack.
 *
 * @param now on which day exceptions of policies and prices are looked at
 * @throws UserError when the settings have problems, one line each; or when the program fails
 */
export async function planOf(program: Program, file: StackFile, now = new Date()): Promise<Plan> {
  const { settings, needed, placeholders, ...config } = completed(program, file);
  const tokens = new Tokens(placeholders);
  const recorder = previewWith(tokens);
  const restore = hideAccounts();
  const context = { ...file, ...config, preview: true };
  const outputs = Object.keys(await recorder.run(context, program.run).finally(restore));
  const resources = recorder.registrations
    .filter(({ type }) => type !== "pulumi:pulumi:Stack")
    .map((registration) => planned(registration, tokens))
    .sort((a, b) => (a.urn < b.urn ? -1 : 1));
  const cost = estimate(resources, {
    now,
    redisCloudPlan: redisCloudPlan(settings),
    budget: settings.budget,
  });
  return {
    schema: 1,
    project: file.project,
    stack: file.stack,
    resources,
    services: services(recorder.registrations, tokens),
    outputs,
    warnings: [
      ...warningsOf(settings, givenSettings({ values: file.values, isSecret: () => false }), now),
      ...[budgetWarning(cost) ?? []].flat(),
    ].map((line) => tokens.readable(line)),
    policies: policyReport(resources, { stack: file.stack, settings, now, cost }),
    cost,
    needed,
  };
}

/** Answers as a preview would, with tokens where a vendor would have answered. It calls nobody. */
function previewWith(tokens: Tokens): Recorder {
  return new Recorder({
    newResource: (args) => {
      const { id, outputs } = vendorOutputs(tokens, args);
      return { id: args.custom === false ? "" : id, state: { ...args.inputs, ...outputs } };
    },
    // There is no state to ask about: `--against` compares instead.
    call: ({ token, inputs }) =>
      token === "pulumi:pulumi:readStackResourceOutputs"
        ? {}
        : { id: token === essentialsPlan.lookup ? essentialsPlan.text(inputs) : unknownValue },
  });
}

/** A plan is the same whoever makes it: the accounts that this process could log in to are none of its business. */
function hideAccounts(): () => void {
  const hidden = Object.entries(process.env).filter(([name]) =>
    /^(MONGODB_ATLAS|MCLI|RENDER|UPSTASH|REDISCLOUD)_/.test(name),
  );
  for (const [name] of hidden) delete process.env[name];
  return () => void Object.assign(process.env, Object.fromEntries(hidden));
}

function planned(registration: Registration, tokens: Tokens): PlannedResource {
  const { urn, name, type, parent, custom, protect, dependsOn, ignoreChanges, aliases } = registration;
  return {
    urn: tokens.readable(urn),
    name: tokens.readable(name),
    type,
    ...(parent !== "" && !parent.includes("pulumi:pulumi:Stack::") && { parent: tokens.readable(parent) }),
    component: !custom,
    holdsData: holdsData(type),
    protect,
    inputs: valuesIn(registration.inputs, tokens) as Record<string, Value>,
    dependsOn: [...new Set(dependsOn.map((other) => tokens.readable(other)))].sort(),
    ignoreChanges: [...ignoreChanges].sort(),
    aliases: [...aliases].sort(),
  };
}

/** What each service gets, read off the resources that carry variables. */
function services(registrations: readonly Registration[], tokens: Tokens): PlannedService[] {
  return registrations.flatMap((registration) => {
    const variables = ownerOfVariables(registration, tokens);
    if (variables === undefined) return [];
    const order = Object.keys(contract);
    const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
    const name = /::([^:]*)$/.exec(registration.parent)?.[1] ?? registration.name;
    variables.sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
    return [{ name, via: tokens.readable(registration.name), variables }];
  });
}
