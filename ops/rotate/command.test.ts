import { describe, expect, it } from "vitest";
import { rotateCommand } from "./command.ts";

/** Parses a command line without running it. */
function parsed(...args: string[]) {
  const command = rotateCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, outputError: () => undefined })
    .action(() => undefined);
  command.parse(["node", "rotate", ...args]);
  return { database: command.args[0], ...command.opts() };
}

describe("the command line", () => {
  it("says where all stand without being told a database", () => {
    expect(parsed("--status")).toMatchObject({ database: undefined, status: true });
  });

  it("has ten minutes of grace, and the stack of production", () => {
    expect(parsed("mongodb")).toEqual({ database: "mongodb", stack: "prod", grace: 600_000 });
  });

  it.each([
    ["90s", 90_000],
    ["5m", 300_000],
    ["2h", 7_200_000],
    ["0s", 0],
  ])("takes a grace of %s", (text, grace) => {
    expect(parsed("all", "--grace", text)).toMatchObject({ grace });
  });

  it.each([
    [["mysql"], /Allowed choices are mongodb, postgres, redis, all/],
    [[], /missing required argument/],
    [["redis", "--grace", "10"], /whole number of seconds, minutes or hours, such as 90s or 10m/],
    [["--leaked"], /missing required argument 'database'; expected one of mongodb, .* or --status/],
    [["redis", "--force"], /unknown option/],
  ])("refuses %j", (args, message) => {
    expect(() => parsed(...args)).toThrow(message);
  });
});
