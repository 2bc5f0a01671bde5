/** A plan as a picture: settings, databases, variables, backend, from left to right. */
import { types } from "../../infra/resources.ts";
import type { Plan, PlannedResource } from "../plan/model.ts";
import { look, vendors } from "./look.ts";
import { group, node } from "./mermaid.ts";
import { grouped, variableGroups } from "./variables.ts";

// Lines of a label are not broken again.
const wide = '%%{init: {"flowchart": {"wrappingWidth": 400}}}%%';

const styles = [
  "classDef data fill:#d5f0e3,stroke:#13694c,stroke-width:2px,color:#10241c",
  "classDef secret fill:#fde8d7,stroke:#a4510f,color:#2b1606",
  "classDef plain fill:#eef1f6,stroke:#5b6b83,color:#141b26",
  "classDef frame fill:transparent,stroke:#8a97ab",
];

/** What only Pulumi's state holds, or what is drawn as an arrow. */
const notDrawn = new Set<string>(["pulumi:index:Stash", types.envGroupLink]);
const serviceComponent = "kairos:infra:Service";

/**
 * The plan as a Mermaid flowchart, the same text for the same plan. Shows names, plans and regions; of secrets only
 * that they are secrets, and no id of an account.
 */
export function diagramOf(plan: Plan): string {
  const file = `Pulumi.${plan.stack}.yaml`;
  const databases = databasesIn(plan);
  const backend = backendIn(plan);
  const idOf = new Map([["settings", "settings"], ...databases.flatMap(({ ids }) => ids)]);
  const variables = variableGroups(plan).map(({ title, lines, hasSecret, from, services }, index) => {
    const id = `v${index + 1}`;
    const sources = new Set(from.flatMap((name) => idOf.get(name) ?? []));
    const isForAll = services.length > 1 && services.length === plan.services.length;
    const targets = isForAll ? ["backend"] : services.map((service) => `s${service + 1}`);
    return {
      node: node(id, {
        shape: "box",
        lines: title === undefined ? lines : [title, ...lines],
        style: hasSecret ? "secret" : "plain",
      }),
      edges: [
        ...[...sources].map((source) => `${source} ${source === "settings" ? "-.->" : "-->"} ${id}`),
        ...targets.map((target) => `${id} --> ${target}`),
      ],
    };
  });
  const frames = [
    ...databases.map(({ id }) => id),
    ...(variables.length > 0 ? ["variables"] : []),
    ...(backend.lines.length > 0 ? ["backend"] : []),
  ];
  const lines = [
    node("settings", { shape: "note", lines: ["Settings", file], style: "plain" }),
    ...databases.flatMap(({ lines }) => lines),
    ...group(
      "variables",
      "Variables",
      variables.map((one) => one.node),
    ),
    ...group("backend", "Backend on Render", backend.lines),
    ...databases.map(({ id }) => `settings --> ${id}`),
    ...variables.flatMap(({ edges }) => edges),
    ...backend.edges,
    ...styles,
    ...frames.map((id) => `class ${id} frame`),
  ];
  return [wide, "flowchart LR", ...lines.map((line) => `  ${line}`), ""].join("\n");
}

/** The middle of a diagram: a box for each database, with what belongs to it; `ids` of nodes, by the names of resources. */
function databasesIn({ resources }: Plan) {
  return resources
    .filter(({ component, type }) => component && type !== serviceComponent)
    .map((component) => ({
      component,
      inside: resources.filter(({ parent, type }) => parent === component.urn && !notDrawn.has(type)),
    }))
    .filter(({ inside }) => inside.length > 0)
    .map(({ component, inside }, index) => {
      const id = `d${index + 1}`;
      // Resources of one kind that hold no data are drawn once: an access list may have 200 entries.
      const nodes = grouped(inside, ({ holdsData, urn, type }) => (holdsData ? urn : type)).map(
        (same, at) => ({ id: `${id}_${at + 1}`, same }),
      );
      return {
        id,
        ids: nodes.flatMap((one) => one.same.map(({ name }): [string, string] => [name, one.id])),
        lines: group(
          id,
          titleOf(component, inside),
          nodes.map((one) => node(one.id, look(one.same[0], one.same.length))),
        ),
      };
    });
}

/** The right of a diagram: a service that is created, or an env group and the service that it is linked to. */
function backendIn({ resources, services }: Plan): { lines: string[]; edges: string[] } {
  const lines: string[] = [];
  const edges: string[] = [];
  for (const [index, { name, via }] of services.entries()) {
    const carrier = resources.find(
      ({ name: own, component, type, parent }) =>
        own === via && !component && !notDrawn.has(type) && parent?.endsWith(`${serviceComponent}::${name}`),
    );
    if (carrier === undefined) continue;
    const id = `s${index + 1}`;
    lines.push(node(id, look(carrier)));
    if (carrier.type !== types.envGroup) continue;
    const owned = [`service ${name}`, "exists; stays its owner's"];
    lines.push(node(`${id}_service`, { shape: "box", lines: owned, style: "plain" }));
    edges.push(`${id} -->|linked| ${id}_service`);
  }
  return { lines, edges };
}

/** `MongoDB Atlas`, `Postgres on Render`. */
function titleOf({ type }: PlannedResource, inside: readonly PlannedResource[]): string {
  const name = type.split(":").at(-1) ?? type;
  const vendor = inside.map((one) => vendors[one.type.split(":")[0] ?? ""]).find((one) => one !== undefined);
  if (vendor === undefined) return name;
  return vendor.toLowerCase().startsWith(name.toLowerCase()) ? vendor : `${name} on ${vendor}`;
}
