import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { refuseSwallowed } from "./swallowed.ts";

/** What becomes of `kairos env sweep …` when npm has these in the environment. */
function outcome(args: string[], environment: NodeJS.ProcessEnv, before: string[] = []): string {
  let said = "it ran";
  const sweep = new Command("sweep")
    .option("--dry-run")
    .option("--for <time>")
    .action(() => {});
  const env = new Command("env")
    .enablePositionalOptions()
    .option("--json")
    .option("--dry-run")
    .addCommand(sweep);
  const kairos = new Command("kairos").enablePositionalOptions().addCommand(env);
  kairos.hook("preAction", (_, command) => {
    try {
      refuseSwallowed(command, environment);
    } catch (error) {
      said = (error as Error).message;
    }
  });
  kairos.parse(["env", ...before, "sweep", ...args], { from: "user" });
  return said;
}

describe("an option that npm kept", () => {
  const npm = { npm_lifecycle_event: "env", npm_config_cache: "/cache", npm_config_user_agent: "npm" };

  it.each([
    [
      "a flag",
      { npm_config_dry_run: "true" },
      "--dry-run: npm kept it for itself; expected: npx kairos env sweep --dry-run; nothing was done",
    ],
    [
      "one with a value",
      { npm_config_for: "12h" },
      "--for: npm kept it for itself; expected: npx kairos env sweep --for 12h; nothing was done",
    ],
  ])("is refused: %s", (_, kept, expected) => {
    expect(outcome([], { ...npm, ...kept })).toBe(expected);
  });

  it("is none of ours", () => expect(outcome([], { ...npm, npm_config_loglevel: "warn" })).toBe("it ran"));
  it("was given as well", () =>
    expect(outcome(["--dry-run"], { ...npm, npm_config_dry_run: "true" })).toBe("it ran"));
  it("is not asked for without npm", () =>
    expect(outcome([], { npm_config_dry_run: "true" })).toBe("it ran"));
});

it.each(["--json", "--dry-run"])("an option in front of the command's name is refused: %s", (option) => {
  expect(outcome([], {}, [option])).toBe(
    `${option}: got it in front of sweep; expected it behind: npx kairos env sweep ${option}`,
  );
});
