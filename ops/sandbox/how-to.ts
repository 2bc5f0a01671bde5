/** What one can do with a sandbox that keeps running. */
import pc from "picocolors";
import { kept } from "./name.ts";

/** Lines for people; without a newline at the end. */
export function howTo(name: string): string {
  const flag = name === kept ? "" : ` --name ${name}`;
  const rows = [
    [`pulumi${flag} preview --diff`, "any command of pulumi, on this stack"],
    [`--keep${flag} --redis render`, "up again, with other settings"],
    [`operate${flag} npm run status -- --stack sandbox`, "any command, as an operator of this stack"],
    [
      `operate${flag} npm run rotate -- mongodb --leaked --stack sandbox`,
      "a new password, and the old one gone",
    ],
    [`operate${flag} npm run review -- watch --stack sandbox`, "what is no longer as Pulumi left it"],
    [`exec${flag} npm run status -- --from-env`, "any command, with the variables of the backend"],
    [`status${flag}`, "services, databases, calls"],
    [`down${flag}`, "stop; the data stays"],
    [`reset${flag}`, "stop and remove everything"],
  ] as const;
  const width = Math.max(...rows.map(([command]) => command.length));
  return [
    pc.bold("It keeps running."),
    ...rows.map(([command, what]) => `  npm run sandbox -- ${command.padEnd(width)}  ${pc.dim(what)}`),
  ].join("\n");
}
