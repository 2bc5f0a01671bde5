/** What was found, in words. No value, nor a part of one, is known here. */
import pc from "picocolors";
import { inSeconds, plural } from "../terminal/amounts.ts";
import { tableText } from "../terminal/table.ts";
import type { Finding } from "./model.ts";

/** The result of a scan. */
export interface ScanReport {
  findings: Finding[];
  /** Contents that were searched, each once. */
  contents: number;
  bytes: number;
  /** How many secrets were looked for by their digests. */
  knownSecrets: number;
  seconds: number;
  /** What was not looked at, and why. */
  notes: string[];
  /** Allowances that allow nothing any more. */
  unused: string[];
}

/** Whether CI should fail: for a finding, and for an allowance that is left over. */
export const isBad = ({ findings, unused }: ScanReport) => findings.length + unused.length > 0;

export function reportText(report: ScanReport): string {
  const { findings, contents, bytes, knownSecrets, seconds, notes, unused } = report;
  const parts: string[] = [];
  if (findings.length > 0) {
    const rows = findings.map((finding) => [
      placeOf(finding),
      finding.rule,
      `${finding.what}, ${finding.length} characters`,
    ]);
    parts.push(tableText(["where", "rule", "what"], rows));
    const shows = [...new Set(findings.flatMap(({ show }) => show ?? []))];
    if (shows.length > 0) parts.push(`To see them: ${shows.join("; ")}`);
    parts.push(
      pc.bold("Whoever could read it may have it: rotate it first (npx kairos rotate, or at its vendor).") +
        " Taking it out of the file or the history is not enough.",
    );
  }
  for (const place of unused) parts.push(`${place}: allows nothing any more; remove it`);
  for (const note of notes) parts.push(pc.dim(`Not searched: ${note}`));
  const found = findings.length === 0 ? "no secret" : plural(findings.length, "finding");
  const means =
    knownSecrets === 0 ? "patterns alone" : `patterns and ${plural(knownSecrets, "known secret")}`;
  parts.push(
    contents === 0
      ? "nothing to search"
      : `${found} in ${plural(contents, "content")} (${(bytes / 1e6).toFixed(1)} MB), by ${means}; ${inSeconds(seconds)}`,
  );
  return `${parts.join("\n\n")}\n`;
}

function placeOf({ kind, file, line, commit }: Finding): string {
  const place = `${file}:${line}`;
  if (kind === "history") return `${place} (only in history, ${commit?.slice(0, 12) ?? "no commit has it"})`;
  if (kind === "index") return `${place} (staged)`;
  return place;
}
