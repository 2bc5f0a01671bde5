import { defineConfig } from "vitest/config";

const rooms = ["infra", "vendors", "engine", "ops", "sandbox", "sdks"];
/** `vi.mock` takes hold only where the mocked module is not loaded yet: such files get modules of their own. */
const mocking = "**/*.isolated.test.ts";

export default defineConfig({
  test: {
    // Servers and commands that are started, on a machine that may have a lot else to do.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Mostly they wait, for processes and for providers that sleep: two at a time even on two cores.
    maxWorkers: 2,
    // Colours are for people: CI has them, what tests compare has none.
    env: { NO_COLOR: "1" },
    // `npm test` is all but `engine`; what the others share between files is loaded once: Pulumi's SDK takes seconds.
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: rooms.map((room) => `${room}/**/*.test.ts`),
          exclude: [mocking],
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
      { extends: true, test: { name: "engine", include: ["tests/engine/**/*.test.ts"] } },
    ],
  },
});
