/** The campaign's result as people read it. */
import { markdownTable } from "markdown-table";
import type { Result } from "./campaign.ts";
import { type Site, siteText } from "./sites.ts";

/** Counts by fault, then every exception with its evidence; Markdown. */
export function report(sites: readonly Site[], results: readonly Result[]): string {
  const faults = [...new Set(results.map(({ injection }) => injection.fault))];
  const row = (fault: string, some: readonly Result[]) => [
    fault,
    String(some.length),
    String(some.filter(({ struck }) => struck).length),
    String(some.filter(({ struck, failed }) => struck && !failed).length),
    String(some.filter(({ converged }) => converged).length),
  ];
  const counts = markdownTable([
    ["fault", "injected", "struck", "retried by the provider", "converged"],
    ...faults.map((fault) =>
      row(
        fault,
        results.filter(({ injection }) => injection.fault === fault),
      ),
    ),
    row("all", results),
  ]);
  const exceptions = results.filter(({ converged }) => !converged);
  const calls = sites.map((site, index) => `${index + 1}. ${siteText(site)}`);
  return [
    `A full up makes ${sites.length} calls:`,
    calls.join("\n"),
    counts,
    exceptions.length === 0 ? "No exceptions." : "Exceptions:",
    ...exceptions.map(
      ({ injection, struck, note }) =>
        `- ${injection.fault} at ${siteText(injection.site)}: ${struck ? note : "the call was not made"}`,
    ),
  ].join("\n\n");
}
