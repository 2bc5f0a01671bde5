/** A plan as a picture: settings, databases, variables, backend, from left to right. */
import { types } from "../../infra/resources.ts";
import type { Plan, PlannedResource } from "../plan/model.ts";
import { look, vendors } from "./look.ts";
import { group, node } from "./mermaid.ts";
import { variableGroups } from "./variables.ts";

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
  const settings = node("settings", "note", ["Settings", file], "plain");
  const databases = new Databases(plan);
  const backend = new Backend(plan);
  const groups = variableGroups(plan);
  const variables = groups.map(({ title, lines, hasSecret }, index) =>
    node(
      `v${index + 1}`,
      "box",
      title === undefined ? lines : [title, ...lines],
      hasSecret ? "secret" : "plain",
    ),
  );
  const edges = [
    ...databases.components.map((id) => `settings --> ${id}`),
    ...groups.flatMap(({ from, services }, index) => {
      const id = `v${index + 1}`;
      const sources = from.map((name) => (name === "settings" ? name : databases.idOf(name)));
      return [
        ...new Set(
          sources.flatMap((source) =>
            source === undefined ? [] : [arrow(source, id, source === "settings")],
          ),
        ),
        ...(services.length > 1 && services.length === plan.services.length
          ? [arrow(id, "backend")]
          : services.map((service) => arrow(id, `s${service + 1}`))),
      ];
    }),
    ...backend.edges,
  ];
  const frames = [
    ...databases.components,
    ...(variables.length > 0 ? ["variables"] : []),
    ...(backend.lines.length > 0 ? ["backend"] : []),
  ];
  const lines = [
    settings,
    ...databases.lines,
    ...group("variables", "Variables", variables),
    ...group("backend", "Backend on Render", backend.lines),
    ...edges,
    ...styles,
    ...frames.map((id) => `class ${id} frame`),
  ];
  return [wide, "flowchart LR", ...lines.map((line) => `  ${line}`), ""].join("\n");
}

const arrow = (from: string, to: string, dotted = false) => `${from} ${dotted ? "-.->" : "-->"} ${to}`;

/** The middle of a diagram: a box for each database, with what belongs to it. */
class Databases {
  readonly lines: string[] = [];
  /** Ids of the boxes. */
  readonly components: string[] = [];
  private readonly byName = new Map<string, string>();

  constructor({ resources }: Plan) {
    for (const component of resources.filter(
      ({ component, type }) => component && type !== serviceComponent,
    )) {
      const id = `d${this.components.length + 1}`;
      const inside = resources.filter(({ parent, type }) => parent === component.urn && !notDrawn.has(type));
      if (inside.length === 0) continue;
      this.components.push(id);
      const nodes = alike(inside).map((same, index) => {
        const own = `${id}_${index + 1}`;
        for (const { name } of same) this.byName.set(name, own);
        const { lines, shape, style } = look(same[0], same.length);
        return node(own, shape, lines, style);
      });
      this.lines.push(...group(id, titleOf(component, inside), nodes));
    }
  }

  idOf(name: string): string | undefined {
    return this.byName.get(name);
  }
}

/** The right of a diagram: a service that is created, or an env group and the service that it is linked to. */
class Backend {
  readonly lines: string[] = [];
  readonly edges: string[] = [];

  constructor({ resources, services }: Plan) {
    for (const [index, { name, via }] of services.entries()) {
      const carrier = resources.find(
        (one) => one.name === via && !one.component && !notDrawn.has(one.type) && inService(one, name),
      );
      if (carrier === undefined) continue;
      const id = `s${index + 1}`;
      const { lines, shape, style } = look(carrier, 1);
      this.lines.push(node(id, shape, lines, style));
      if (!carrier.type.endsWith(":EnvGroup")) continue;
      this.lines.push(
        node(`${id}_service`, "box", [`service ${name}`, "exists; stays its owner's"], "plain"),
      );
      this.edges.push(`${id} -->|linked| ${id}_service`);
    }
  }
}

const inService = ({ parent }: PlannedResource, name: string) =>
  parent?.endsWith(`${serviceComponent}::${name}`);

/** Resources of one kind that hold no data are drawn once: an access list may have 200 entries. */
function alike(resources: readonly PlannedResource[]): [PlannedResource, ...PlannedResource[]][] {
  const kinds = new Map<string, [PlannedResource, ...PlannedResource[]]>();
  for (const one of resources) {
    const key = one.holdsData ? one.urn : one.type;
    const known = kinds.get(key);
    if (known === undefined) kinds.set(key, [one]);
    else known.push(one);
  }
  return [...kinds.values()];
}

/** `MongoDB Atlas`, `Postgres on Render`. */
function titleOf({ type }: PlannedResource, inside: readonly PlannedResource[]): string {
  const name = type.split(":").at(-1) ?? type;
  const vendor = inside.map((one) => vendors[one.type.split(":")[0] ?? ""]).find((one) => one !== undefined);
  if (vendor === undefined) return name;
  return vendor.toLowerCase().startsWith(name.toLowerCase()) ? vendor : `${name} on ${vendor}`;
}
