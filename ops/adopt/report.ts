/** What an adoption says, for people and for programs. No secret is in it. */

import pc from "picocolors";
import type { Vendor } from "../../vendors/http.ts";
import { tableText } from "../terminal/table.ts";
import type { Difference, Row, VariableRow } from "./model.ts";

/** What the engine would do to one resource. */
export interface Step {
  op: string;
  type: string;
  /** Pulumi's name of the resource. */
  name: string;
  /** Properties that an update would change, as far as the engine says. */
  properties: string[];
}

export interface AdoptReport {
  schema: 1;
  stack: string;
  file: string;
  /** What exists, and what of it was chosen. */
  found: Row[];
  differences: Difference[];
  variables: VariableRow[];
  preview: {
    /** Resources that are taken over. */
    imports: number;
    /** What would be done to something at a vendor besides: none, or nothing is written. */
    changes: Step[];
    /** Records that exist in Pulumi's state only: components, the stack itself, the list of creations. */
    bookkeeping: number;
    errors: string[];
    /** False where there was nothing to preview. */
    ran: boolean;
  };
  /** Whether the stack file is other than it was. */
  changed: boolean;
  written: boolean;
  /** Whether no id of an import is needed any more. */
  finished: boolean;
  /** What is to be imported and not in the state yet, in words; only asked for by --finish. */
  missing: string[];
  /** Names of services that the stack gives nothing yet. */
  untouched: string[];
  /** Vendors that there is no key for. */
  notAsked: Vendor[];
  next: string[];
}

export function reportText(report: AdoptReport): string {
  const parts = [
    section(
      "What exists",
      report.found.length === 0
        ? []
        : [
            tableText(
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
          ],
    ),
    section(
      "To decide on: what the stack would have changed, and the setting that keeps it as it is",
      report.differences.map(
        ({ what, is, wouldBe, keptBy }) =>
          `${pc.bold(what)}: ${is}\n    by itself the stack would make it: ${wouldBe}\n    kept by ${keptBy}`,
      ),
    ),
    section(
      "Variables, once a service is no longer untouched",
      report.variables.length === 0
        ? []
        : [
            tableText(
              ["service", "variable", "set by", "the stack's value"],
              report.variables.map(({ service, variable, setBy, comparison }) => [
                service,
                variable,
                setBy,
                comparison,
              ]),
            ),
          ],
    ),
    previewText(report),
    section("Next", report.next),
  ];
  return `${parts.filter((part) => part !== "").join("\n")}`;
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

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0
    ? ""
    : `${pc.bold(title)}\n${lines
        .flatMap((text) => text.split("\n"))
        .map((line) => `  ${line}`)
        .join("\n")}\n`;
