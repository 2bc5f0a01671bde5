/** Drift as people need it: since when, by whom, whether `up` would undo it, and the two commands. */
import pc from "picocolors";
import type { EngineEvent } from "../../engine/cli/events.ts";
import type { Stack } from "../../engine/cli/stack.ts";
import { UserError } from "../../engine/errors.ts";
import { kindNamed, kindOf } from "../../infra/resources.ts";
import { type AccountOptions, Accounts, valuesOf } from "../accounts.ts";
import { traceText } from "../status/strangers/words.ts";
import { plural } from "../terminal/amounts.ts";
import { capped, code, prose, table } from "../terminal/markdown.ts";
import { columnsText } from "../terminal/table.ts";
import { type Drift, driftIn, type PropertyDrift } from "./drift.ts";
import { previewed, refreshed } from "./pulumi.ts";
import { keeping } from "./settings-behind.ts";
import { type DriftTrace, sinceOf } from "./since.ts";
import { type Undo, undoOf } from "./undo.ts";

/** A property, or the whole of what is gone, with what becomes of it. */
export interface ExplainedProperty extends Partial<PropertyDrift> {
  undo: Undo;
  /** The command or step that keeps it; absent where no setting can. */
  keep?: string;
}

export interface ExplainedDrift extends Omit<Drift, "properties">, DriftTrace {
  properties: ExplainedProperty[];
}

/** `JSON.stringify` of it is what `--json` prints. No secret is in it. */
export interface DriftReport {
  schema: 1;
  stack: string;
  drift: ExplainedDrift[];
  /** Sets back whatever `up` sets back; absent where that is nothing. */
  undo?: string;
  /** What could not be found out, a line each. */
  unseen: string[];
}

/**
 * Asks every vendor what there is, and changes nothing. Only where something differs the program is previewed, and it is asked who
 * it was.
 *
 * @throws UserError when a vendor does not say what there is
 */
export async function driftOf(stack: Stack, options: AccountOptions = {}): Promise<DriftReport> {
  const drift = driftIn(await refreshed(stack));
  if (drift.length === 0) return { schema: 1, stack: stack.name, drift: [], unseen: [] };
  const { events, error } = await previewed(stack, {});
  const values = await valuesOf(stack);
  return explained(drift, {
    stack: stack.name,
    accounts: new Accounts(values, options),
    services: servicesIn(values["kairos:backend"]),
    preview: error === undefined ? events : undefined,
    unseen: error === undefined ? [] : [`whether up would undo it is not known: ${error}`],
  });
}

/** What an explanation needs. */
export interface DriftContext {
  stack: string;
  accounts: Accounts;
  /** Names of `kairos:backend`, in its order. */
  services: readonly string[];
  /** Events of `pulumi preview --refresh`; undefined where there is none. */
  preview: readonly EngineEvent[] | undefined;
  unseen: string[];
}

export async function explained(
  drift: readonly Drift[],
  { stack, accounts, services, preview, unseen }: DriftContext,
): Promise<DriftReport> {
  const lines = [...unseen];
  const all = await Promise.all(
    drift.map(async (one): Promise<ExplainedDrift> => {
      const trace = await sinceOf(one, accounts).catch((reason) => {
        if (!(reason instanceof UserError)) throw reason;
        lines.push(`since when is not told: ${reason.message}`);
        return {};
      });
      const kind = kindNamed(one.type);
      const place = services.indexOf(one.resource);
      const wanted = { stack, kind, ...(place >= 0 && { index: place }) };
      const properties: Partial<PropertyDrift>[] = one.what === "gone" ? [{}] : one.properties;
      return {
        ...one,
        ...trace,
        properties: properties.map((property) => {
          const [only, ...more] = property.values ?? [];
          const vendor = more.length === 0 && only?.at === "" ? only.vendor : undefined;
          const keep = keeping({ ...wanted, property: property.name, vendor });
          return { ...property, undo: undoOf(one, property.name, preview), ...(keep && { keep }) };
        }),
      };
    }),
  );
  const undone = all.some(({ properties }) =>
    properties.some(({ undo }) => !["left", "not sent"].includes(undo)),
  );
  return {
    schema: 1,
    stack,
    drift: all,
    ...(undone && { undo: `pulumi up --refresh --stack ${stack}` }),
    unseen: [...new Set(lines)],
  };
}

function servicesIn(text: string | undefined): string[] {
  const services: unknown = text === undefined ? [] : JSON.parse(text);
  return Array.isArray(services) ? services.map(({ name }: { name?: unknown }) => String(name)) : [];
}

const undoWords: Readonly<Record<Undo, string>> = {
  undone: "up sets it back",
  replaced: "up deletes it and creates it anew",
  created: "up creates it anew",
  left: "up leaves it: the stack does not insist on it",
  "not sent": "up leaves it: the stack says nothing of it",
  unknown: "not known",
};

function undoText({ undo }: ExplainedProperty, { type }: ExplainedDrift): string {
  const losesData = kindOf(type)?.holdsData === true;
  if (undo === "replaced") return `${undoWords[undo]}${losesData ? ", and its data goes" : ""}`;
  return `${undoWords[undo]}${undo === "created" && losesData ? ", empty: restore it first" : ""}`;
}

/** `basic_1gb → pro_4gb`; of what may hold a secret only that it differs. */
function valuesText({ secret, values }: ExplainedProperty): string {
  if (secret) return "(secret)";
  if (values === undefined) return "";
  return capped(
    values.map(({ at, stack, vendor }) => `${at === "" ? "" : `${at}: `}${stack} → ${vendor}`),
    4,
  ).join("; ");
}

const sinceText = ({ isLast, ...trace }: DriftTrace) => {
  const text = traceText(trace, "en").replace(/^; since /, "");
  if (text === "") return "its vendor does not tell";
  return isLast ? `its last change was at ${text}; Render does not say whose` : `since ${text}`;
};

const keepText = ({ keep, undo }: ExplainedProperty, stack: string) =>
  keep ??
  (undo === "left" || undo === "not sent"
    ? `pulumi refresh --stack ${stack} takes it as it is`
    : "no setting says this");

/** For the nightly issue, a pull request, a page. No value that may be secret. */
export function driftMarkdown({ stack, drift, undo, unseen }: DriftReport): string {
  if (drift.length === 0) return "### ✅ No drift";
  const rows = drift.flatMap((one) =>
    one.properties.map((property, index) => {
      const values = valuesText(property);
      const keep = keepText(property, stack);
      return [
        index > 0 ? "" : `${one.what === "gone" ? "**gone** " : ""}${code(one.resource)}`,
        `${property.name ? code(property.name) : ""} ${values && !property.secret ? code(values) : values}`.trim(),
        index > 0 ? "" : prose(sinceText(one)),
        undoText(property, one),
        keep.startsWith("pulumi config ") ? code(keep) : prose(keep),
      ];
    }),
  );
  return [
    `### ⚠️ Drift: ${titleOf(drift.length)}`,
    table([["", "what, stack's → vendor's", "since", "up --refresh", "to keep it"], ...rows]),
    `${undo === undefined ? `Nothing that ${code("up")} would undo: set it back at its vendor, or keep it.` : `To undo: ${code(undo)}.`} To keep something, make its setting say so; then ${code(`pulumi up --refresh --stack ${stack}`)} has nothing to set back.`,
    ...(unseen.length === 0 ? [] : [unseen.map((line) => `- ${prose(line)}`).join("\n")]),
  ].join("\n\n");
}

const titleOf = (count: number) =>
  `${plural(count, "resource")} ${count === 1 ? "is not as Pulumi left it" : "are not as Pulumi left them"}`;

/** For a terminal of 80 columns. Ends with a newline. */
export function driftText({ stack, drift, undo, unseen }: DriftReport): string {
  const parts = drift.map((one) => {
    const rows = one.properties.flatMap((property): [string, string][] => [
      [
        pc.dim("what"),
        property.name ? `${pc.bold(property.name)} ${valuesText(property)}`.trim() : "all of it",
      ],
      [pc.dim("up"), undoText(property, one)],
      [pc.dim("keep"), keepText(property, stack)],
    ]);
    const head = `${pc.yellow(one.what)} ${pc.bold(one.resource)}  ${pc.dim(one.type)}`;
    return `${head}\n${columnsText([16, 62], [[pc.dim("since"), sinceText(one)], ...rows])}`;
  });
  const title = drift.length === 0 ? "no drift" : titleOf(drift.length);
  const commands = undo === undefined ? [] : [`To undo: ${undo}`];
  return `${[pc.bold(`${stack}: ${title}`), ...parts, ...commands, ...unseen].join("\n\n")}\n`;
}
