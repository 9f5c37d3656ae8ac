import type { ProvidedContext } from "vitest";
import { configDefaults, defineConfig } from "vitest/config";
import { LastLineReporter } from "./test/support/last-line-reporter.ts";
import { mosquittoPath } from "./test/support/mosquitto.ts";

const project = (
  name: string,
  include: string | string[],
  limits: { readonly testTimeout: number; readonly hookTimeout: number },
  more: {
    readonly exclude?: readonly string[];
    readonly globalSetup?: string[];
    readonly provide?: Partial<ProvidedContext>;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
) => ({
  test: {
    name,
    include: [include].flat(),
    // What is waited for comes, on a busy machine too: a second is the default.
    expect: { poll: { timeout: 10_000 } },
    ...limits,
    ...more,
    exclude: [...configDefaults.exclude, ...(more.exclude ?? [])],
  },
});

// Half a minute or more each: `npm test` stays under five minutes without them, and the long suite runs them.
const HALF_A_MINUTE = [
  "test/infra/aws/cdk-synth.test.ts",
  "test/journeys/commands.test.ts",
  "test/journeys/faults.test.ts",
  "test/journeys/grants.test.ts",
  "test/journeys/killed-stack.test.ts",
  "test/journeys/on-embedded/add-device.test.ts",
  "test/journeys/on-embedded/fleet.test.ts",
  "test/journeys/on-embedded/homes-commands.test.ts",
  "test/journeys/sign-in.test.ts",
  "test/journeys/two-homes.test.ts",
  "test/journeys/on-embedded/verify-deployment.test.ts",
];

// Handlers that a test calls print no lines of metrics among its own; functions in processes have their own environment.
const COUNTS_IN_SILENCE = {
  POWERTOOLS_METRICS_DISABLED: "true",
  POWERTOOLS_METRICS_NAMESPACE: "test",
};

// The journeys run the synthesized stack, bundles and all; it is made once.
const ASSEMBLY = { globalSetup: ["test/support/assembly.ts"] };

export default defineConfig({
  test: {
    // Real processes, sockets and windows of seconds: on a machine that stalls, one more try tells a stall from a fault.
    retry: process.env.CI === undefined ? 0 : 1,
    // The journeys mostly wait for devices: a third file beside two cores' worth of work costs nobody time.
    maxWorkers: 3,
    reporters: ["default", new LastLineReporter()],
    projects: [
      // No port, no process.
      project(
        "fast",
        "test/{domain,functions,workflows,infra,scripts,structure}/**/*.test.ts",
        { testTimeout: 20_000, hookTimeout: 60_000 },
        { exclude: HALF_A_MINUTE, env: COUNTS_IN_SILENCE },
      ),
      // Each emulator over the wire.
      project(
        "local",
        "test/local/**/*.test.ts",
        { testTimeout: 30_000, hookTimeout: 60_000 },
        { env: COUNTS_IN_SILENCE },
      ),
      // The whole house, as its users meet it; --lan is the embedded broker's.
      project(
        "journeys",
        "test/journeys/{*,on-embedded/*}.test.ts",
        { testTimeout: 60_000, hookTimeout: 60_000 },
        { ...ASSEMBLY, exclude: HALF_A_MINUTE },
      ),
      // The same, each house on a mosquitto of its own, what only such a broker can do, and what of the IoT core does not
      // run on both brokers by itself: `npm run test:mosquitto`.
      project(
        "journeys-on-mosquitto",
        mosquittoPath === undefined
          ? "test/support/mosquitto-missing.test.ts"
          : ["test/journeys/{*,on-mosquitto/*}.test.ts", "test/local/iot/data-plane.test.ts"],
        { testTimeout: 60_000, hookTimeout: 60_000 },
        { ...ASSEMBLY, provide: { broker: "mosquitto" } },
      ),
      // Fuzz, many seeds, soak, and the ends of npm: `npm run test:long`.
      project(
        "long",
        ["test/long/**/*.test.ts", ...HALF_A_MINUTE],
        { testTimeout: 300_000, hookTimeout: 120_000 },
        { ...ASSEMBLY, env: COUNTS_IN_SILENCE },
      ),
    ],
  },
});
