import { defineConfig } from "vitest/config";
import { LastLineReporter } from "./test/support/last-line-reporter.ts";

// fast: no port, no process. local: the emulators and the journeys, over the wire.
// long: many seeds, fuzz and soak; `npm run test:long`.
export default defineConfig({
  test: {
    reporters: ["default", new LastLineReporter()],
    projects: [
      {
        test: {
          name: "fast",
          include: ["test/{domain,functions,workflows,infra}/**/*.test.ts"],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "local",
          include: ["test/{local,journeys}/**/*.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "long",
          include: ["test/long/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
