/** What an operator does next. */
import type { AdoptReport } from "./report.ts";

export function nextSteps(report: Omit<AdoptReport, "next">): string[] {
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
      `Afterwards: npm run adopt -- --stack ${stack} --finish, which takes the ids out again.`,
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
