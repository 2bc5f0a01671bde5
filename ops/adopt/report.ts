/** What an adoption says, for people and for programs. No secret is in it. */
import pc from "picocolors";
import type { Vendor } from "../../vendors/http.ts";
import { tableText } from "../terminal/table.ts";

/** One thing that exists, for the table. */
export interface Row {
  vendor: Vendor | "elsewhere";
  kind: string;
  name: string;
  id: string;
  chosen: boolean;
  /** Why, or what becomes of it. */
  note: string;
}

/** Something that the stack would do differently, and the setting that leaves it as it is. */
export interface Difference {
  what: string;
  is: string;
  /** What the stack would make of it, by itself. */
  wouldBe: string;
  /** The setting that keeps it, or what to do. */
  keptBy: string;
}

/** What a service has of the contract's variables, beside what the stack would give it. */
export interface VariableRow {
  service: string;
  variable: string;
  /** `the service`, `env group <name>`, or `nobody`. */
  setBy: string;
  /** `same`, or in words what differs. */
  comparison: string;
}

/** What the engine would do to one resource. */
export interface Step {
  op: string;
  type: string;
  /** Pulumi's name of the resource. */
  name: string;
  /** Properties that an update would change, as far as the engine says. */
  properties: string[];
}

/** A report of nothing yet. */
const nothing = {
  /** What exists, and what of it was chosen. */
  found: [] as Row[],
  differences: [] as Difference[],
  variables: [] as VariableRow[],
  preview: {
    /** False where there was nothing to preview. */
    ran: false,
    /** Resources that are taken over. */
    imports: 0,
    /** What would be done to something at a vendor besides: none, or nothing is written. */
    changes: [] as Step[],
    /** Records that exist in Pulumi's state only: components, the stack itself, the list of creations. */
    bookkeeping: 0,
    errors: [] as string[],
  },
  /** Vendors that there is no key for. */
  notAsked: [] as Vendor[],
  /** Whether the stack file is other than it was. */
  changed: false,
  written: false,
  /** Whether no id of an import is needed any more. */
  finished: false,
  /** What is to be imported and not in the state yet, in words; only asked for by --finish. */
  missing: [] as string[],
  /** Names of services that the stack gives nothing yet. */
  untouched: [] as string[],
};

type Facts = typeof nothing & { schema: number; stack: string; file: string };
export type AdoptReport = Facts & { next: string[] };

/** What is known so far, with what to do next. */
export function reportOf(stack: string, file: string, known: Partial<typeof nothing> = {}): AdoptReport {
  const report = { schema: 1, stack, file, ...nothing, ...known };
  return { ...report, next: nextSteps(report) };
}

export function reportText(report: AdoptReport): string {
  const parts = [
    tableSection(
      "What exists",
      ["", "where", "what", "name", "id", "note"],
      report.found.map(({ chosen, vendor, kind, name, id, note }) => [
        chosen ? pc.green("✓") : "",
        vendor,
        kind,
        name,
        id === name ? "" : id,
        note,
      ]),
    ),
    section(
      "To decide on: what the stack would have changed, and the setting that keeps it as it is",
      report.differences.map(
        ({ what, is, wouldBe, keptBy }) =>
          `${pc.bold(what)}: ${is}\n    by itself the stack would make it: ${wouldBe}\n    kept by ${keptBy}`,
      ),
    ),
    tableSection(
      "Variables, once a service is no longer untouched",
      ["service", "variable", "set by", "the stack's value"],
      report.variables.map((row) => [row.service, row.variable, row.setBy, row.comparison]),
    ),
    previewText(report),
    section("Next", report.next),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function previewText({ preview, file, written, changed }: AdoptReport): string {
  const lines = [...preview.errors.map((line) => pc.red(line))];
  if (preview.ran && preview.errors.length === 0)
    lines.push(
      `${preview.imports} to import; ${preview.changes.length} to create, update, replace or delete`,
      `(and ${preview.bookkeeping} records in Pulumi's own state, which are nothing at a vendor)`,
    );
  for (const { op, type, name, properties } of preview.changes)
    lines.push(
      pc.red(
        `${op} ${name} (${type.split(":").at(-1)})${properties.length > 0 ? `: ${properties.join(", ")}` : ""}`,
      ),
    );
  const state = written
    ? `${file} is written`
    : changed
      ? `${file} is not written`
      : `${file} stays as it is`;
  return section(preview.ran ? "Preview" : "Stack file", [...lines, state]);
}

const tableSection = (title: string, head: readonly string[], rows: readonly (readonly string[])[]) =>
  section(title, rows.length === 0 ? [] : [tableText(head, rows)]);

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0
    ? ""
    : `${pc.bold(title)}\n${lines
        .flatMap((text) => text.split("\n"))
        .map((line) => `  ${line}`)
        .join("\n")}\n`;

/** What an operator does next. */
function nextSteps(report: Facts): string[] {
  const { stack, file, preview, written, changed, finished, missing, untouched, notAsked } = report;
  const { errors, changes, imports } = preview;
  if (errors.length > 0 || changes.length > 0)
    return [
      `${file} is not written: the preview would do more than import. Put right what is listed above, or choose by flags.`,
    ];
  const steps: string[] = [];
  if (missing.length > 0)
    steps.push(
      `Not in the state yet: ${missing.join(", ")}. Their ids stay until pulumi up has taken them over.`,
    );
  if (imports > 0 && written)
    steps.push(
      `Read the differences and ${file}, then: pulumi up --stack ${stack}`,
      `Afterwards: npx kairos adopt --stack ${stack} --finish, which takes the ids out again.`,
    );
  if (imports > 0 && changed && !written)
    steps.push("The settings are written once you say so: when asked, or by --yes without --dry-run.");
  if (imports > 0 && !changed) steps.push(`The settings are there already: pulumi up --stack ${stack}`);
  if (imports === 0 && finished) steps.push("Everything is in the stack; the ids of the imports are gone.");
  if (imports === 0 && preview.ran && !changed)
    steps.push("Everything is in the stack; nothing is left to do.");
  if (untouched.length > 0 && missing.length === 0)
    steps.push(
      `${untouched.join(", ")} keep${untouched.length === 1 ? "s" : ""} all variables as they are. When the stack is to give them: take untouched: true out of kairos:backend; pulumi up then makes an env group, and deploys once the service no longer sets them itself.`,
    );
  for (const vendor of notAsked) steps.push(`${vendor} was not asked: there is no key for it.`);
  return steps;
}
