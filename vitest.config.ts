import { defineConfig } from "vitest/config";

const rooms = ["infra", "vendors", "engine", "ops", "sandbox", "sdks"];
/** `vi.mock` takes hold only where the mocked module is not loaded yet: such files get modules of their own. */
const mocking = "**/*.isolated.test.ts";

export default defineConfig({
  test: {
    // Servers and commands that are started, on a machine that may have a lot else to do.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Some only wait, for timeouts and processes: three at a time even on two cores.
    maxWorkers: 3,
    // Colours are for people, and a job's links for its comments: CI has both, what tests compare has none.
    env: { NO_COLOR: "1", GITHUB_REPOSITORY: "" },
    // `npm test` is all but `engine`; what the others share between files is loaded once: Pulumi's SDK takes seconds.
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: rooms.map((room) => `${room}/**/*.test.ts`),
          exclude: ["**/node_modules/**", mocking],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "command",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/engine/**", mocking],
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: "isolated", include: [...rooms, "tests"].map((room) => `${room}/${mocking}`) },
      },
      {
        extends: true,
        // Each has an engine and its providers beside it.
        test: {
          name: "engine",
          include: ["tests/engine/**/*.test.ts"],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
