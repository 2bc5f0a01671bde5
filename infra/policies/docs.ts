/** docs/policies.md, from the policies themselves; docs.test.ts keeps the file in step (`npx vitest run infra/policies -u`). */
import { policies } from "./list.ts";
import type { Policy } from "./model.ts";

const introduction = `# Policies

What no stack of this project may do, or should not without a word. The same functions run in two places:

- \`npm run plan\` shows what they say, and \`npm run plan -- --against main\` what a change adds or puts right.
- \`pulumi preview --policy-pack infra/policies\`, and \`pulumi up\` with the same option: the engine refuses what is
  mandatory before it touches anything.

How strict a policy is depends on the stack's environment, which its name gives: \`staging\` (also \`staging-…\`);
\`sandbox\`, \`test\`, \`dev\` and \`pr-<number>\` are short-lived; every other name is production.

What only a vendor decides is not known before \`up\`. It is then neither a violation nor fine: it is listed as not known
before up, and the engine checks it again in the \`up\` itself.

## Exceptions

An exception lies in the stack file. It names one policy and one resource, says why, and ends by itself:

\`\`\`yaml
kairos:policies:
  exceptions:
    - policy: access-list-open
      resource: mongodb-access-198.18.0.0/15
      reason: the partner's network, until their proxy is there
      until: 2026-12-31
\`\`\`

\`resource\` is the name that the violation shows. \`until\` is the last day, in UTC, and at most a year ahead: after it the
violation is back and says whose exception ended. An exception that excuses nothing is reported, so that it does not hide
the next violation.

## What Pulumi's engine cannot show a policy

- Steps: a policy sees what a stack should be, not what is deleted or replaced. \`data-loss\` therefore finds the loss
  itself in \`npm run plan -- --against\` only; in the engine it finds the consent to it.
- Which values are secret: its SDK opens them. The pack takes it from the settings and the backend's contract.
`;

/** The whole file. */
export function policyDocs(): string {
  return [introduction, "## All policies", overview(), ...policies.map(section)]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function overview(): string {
  const rows = policies.map(
    ({ id, title, level }) => `| [${id}](#${id}) | ${title} | ${Object.values(level).join(" | ")} |`,
  );
  return ["", "| policy | | production | staging | short-lived |", "|---|---|---|---|---|", ...rows, ""].join(
    "\n",
  );
}

const section = ({ id, title, why, checks, fix }: Policy) => `### ${id}

**${title}.** ${why}

- Checks: ${checks}
- To put it right: ${fix}
`;
