/** What `pulumi up` would do, for whoever approves it. */
import { markdownTable } from "markdown-table";
import { code, prose } from "./markdown.ts";
import { type PreviewStep, takesAway } from "./preview.ts";

export interface Approval {
  stack: string;
  steps: readonly PreviewStep[];
  digest: string;
  /** Undefined where nothing has been approved yet. */
  matches: boolean | undefined;
}

/** Ends with a newline. Values are not in it: they are in the log of `pulumi preview --diff`. */
export function approvalMarkdown({ stack, steps, digest, matches }: Approval): string {
  const away = steps.filter(takesAway).length;
  const count = `${steps.length} step${steps.length === 1 ? "" : "s"}${away > 0 ? `, **${away} that take something away**` : ""}`;
  const title =
    matches === false
      ? `### 🛑 ${prose(stack)}: not what was approved; nothing is changed`
      : `### ${away > 0 ? "🛑" : "🔷"} ${prose(stack)}: ${steps.length === 0 ? "nothing to do" : count}`;
  const rows = steps.map((step) => [
    takesAway(step) ? `**${step.op}**` : step.op,
    code(step.name),
    code(step.type),
    step.properties.map(code).join(", "),
  ]);
  const state = { true: "as approved", false: "differs from the approved one", undefined: "to be approved" }[
    `${matches}`
  ];
  return [
    title,
    rows.length === 0 ? "" : markdownTable([["", "resource", "type", "changes"], ...rows]),
    `<sub>Plan ${code(digest)}, ${state}.</sub>`,
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n\n");
}
