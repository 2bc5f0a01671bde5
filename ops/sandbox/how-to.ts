/** What one can do with a sandbox that keeps running. */
import pc from "picocolors";
import type { Wish } from "./folder.ts";
import { nameFlag } from "./start.ts";

/** Lines for people; without a newline at the end. Each command works as it stands, on what brought the stack up. */
export function howTo(name: string, engine: Wish["engine"]): string {
  const flag = nameFlag(name);
  const withEngine = [
    [`pulumi${flag} preview --diff`, "any command of pulumi, on this stack"],
    [`operate${flag} npx kairos status --stack sandbox`, "any command, as an operator of this stack"],
    [
      `operate${flag} npx kairos rotate mongodb --leaked --stack sandbox`,
      "a new password, and the old one gone",
    ],
    [`operate${flag} npx kairos review watch --stack sandbox`, "what is no longer as Pulumi left it"],
  ] as const;
  const rows = [
    [`--keep${flag} --redis render`, "up again, with other settings"],
    ...(engine === "pulumi" ? withEngine : []),
    [`exec${flag} npx kairos status --from-env`, "any command, with the variables of the backend"],
    [`status${flag}`, "services, databases, calls"],
    [`down${flag}`, "stop; the data stays"],
    [`reset${flag}`, "stop and remove everything"],
  ] as const;
  const width = Math.max(...rows.map(([command]) => command.length));
  return [
    pc.bold("It keeps running."),
    ...rows.map(([command, what]) => `  npx kairos sandbox ${command.padEnd(width)}  ${pc.dim(what)}`),
  ].join("\n");
}
