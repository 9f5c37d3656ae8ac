import { vi } from "vitest";
import type { Journey } from "./journey.ts";

/** What a pass of the sweeper did, and what it could not. */
export interface LaterSweep {
  readonly swept: number;
  readonly left: number;
  readonly failed: readonly string[];
}

const SIX_MINUTES_MS = 6 * 60 * 1000;

/**
 * The sweeper on a house's own tables and shadows as it will be in six minutes, when every run of now is over its time: so
 * that no test waits for that. The variables that its adapters read are set until the test's are put back.
 */
export const sweepLater = async ({ home }: Journey): Promise<() => Promise<LaterSweep>> => {
  const { aws } = home.stack;
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
    RECORD_RETENTION_DAYS: "400",
    POWERTOOLS_LOG_LEVEL: "SILENT",
  })) {
    vi.stubEnv(name, value);
  }
  // Their clients are made when they are loaded.
  const { findOpenRuns } = await import("#adapters/concluding/open-runs.ts");
  const { sweepPass } = await import("../../functions/sweep-runs/sweep-pass.ts");
  const { sweepRun } = await import("../../functions/sweep-runs/sweep-run.ts");
  const { parseThingPrefix } = await import("#domain/home/home-place.ts");
  const { audit } = home.endpoints.aws.tables;
  return async () => {
    const failed: string[] = [];
    const { swept, left } = await sweepPass({
      nowMs: () => Date.now() + SIX_MINUTES_MS,
      readProgress: async () => undefined,
      writeProgress: async () => undefined,
      findOpenRuns: (day, period) => findOpenRuns(audit, day, period),
      sweepRun: (open, takenBefore) =>
        sweepRun(audit, parseThingPrefix(""), open, {
          now: new Date(Date.now() + SIX_MINUTES_MS),
          until: AbortSignal.timeout(10_000),
          withdrawUntil: AbortSignal.timeout(7_000),
          takenBefore,
        }),
      hasTime: () => true,
      onFailure: ({ run }, error) => failed.push(`${run}: ${String(error)}`),
      onUnreadable: (error) => failed.push(error.message),
    });
    return { swept, left, failed };
  };
};
