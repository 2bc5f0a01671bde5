import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "infra/**/*.test.ts",
      "vendors/**/*.test.ts",
      "engine/**/*.test.ts",
      "ops/**/*.test.ts",
      "sandbox/**/*.test.ts",
      "sdks/**/*.test.ts",
      "tests/**/*.test.ts",
    ],
    // The engine's tests mostly wait, for providers that sleep: two at a time even on two cores.
    maxWorkers: 2,
    // Each file loads Pulumi's SDK and, in tests/, starts processes: slow machines need the room.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
