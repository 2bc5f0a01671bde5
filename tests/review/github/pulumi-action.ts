/**
 * What the action pulumi/actions does, as far as these workflows use it: in a process of its own, by the same calls of
 * Pulumi's Automation API. Source: src/main.ts and src/config.ts of its version 7.0.0.
 */
import process from "node:process";
import { execa } from "execa";

const given = new Map(
  Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    name.startsWith("INPUT_") && value ? [[name.slice("INPUT_".length).toLowerCase(), value]] : [],
  ),
);
const known = [
  ...[
    "command",
    "stack-name",
    "pulumi-version-file",
    "color",
    "refresh",
    "policypacks",
    "plan",
    "suppress-outputs",
  ],
];
for (const name of given.keys()) if (!known.includes(name)) throw new Error(`not in this stand-in: ${name}`);
const command = given.get("command");
// Without a command it only installs the CLI, which is here.
if (command !== undefined) {
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
  const workDir = process.cwd();
  await execa("pulumi", ["--non-interactive", "--cwd", workDir, "login"]);
  const stack = await LocalWorkspace.selectStack({ stackName: given.get("stack-name") ?? "", workDir });
  const policyPacks = given.get("policypacks");
  const plan = given.get("plan");
  const options = {
    color: (given.get("color") ?? "auto") as "never" | "auto",
    refresh: given.get("refresh") === "true",
    suppressOutputs: given.get("suppress-outputs") === "true",
    ...(policyPacks && { policyPacks: policyPacks.split("\n") }),
    ...(plan && { plan }),
    onOutput: (text: string) => process.stdout.write(text),
  };
  if (command === "up") await stack.up(options);
  else throw new Error(`not in this stand-in: ${command}`);
}
