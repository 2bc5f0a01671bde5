import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "infra/**/*.test.ts",
      "ops/**/*.test.ts",
      "sandbox/**/*.test.ts",
      "sdks/**/*.test.ts",
      "tests/**/*.test.ts",
    ],
    // Each file loads Pulumi's SDK and, in tests/, starts processes: slow machines need the room.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
