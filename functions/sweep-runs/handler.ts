import { findOpenRuns } from "#adapters/concluding/open-runs.ts";
import { readSweepProgress, writeSweepProgress } from "#adapters/concluding/sweep-progress.ts";
import { requiredVariable, thingPrefixOfStage } from "#adapters/environment.ts";
import { publishMeasures } from "#adapters/metrics.ts";
import { logger, observed } from "#adapters/observed.ts";
import { type SweepReport, sweepPass } from "./sweep-pass.ts";
import { sweepRun } from "./sweep-run.ts";

const auditTable = requiredVariable("AUDIT_TABLE_NAME");
const logTable = requiredVariable("LOG_TABLE_NAME");
const thingPrefix = thingPrefixOfStage();

// A run takes well under a second, one of 200 devices a few. One whose reads or shadows stall is given up, and is the next
// pass's, as is what does not fit.
const RUN_MS = 10_000;
const WITHDRAW_MS = 7_000;
// A run, its record, and how far the pass came.
const RESERVE_MS = 30_000;

/** Every minute: ends the runs that were cut off, so that no command of them is left standing. */
export const handler = observed(async (_event, context): Promise<SweepReport> => {
  const report = await sweepPass({
    nowMs: () => Date.now(),
    readProgress: () => readSweepProgress(logTable),
    writeProgress: (progress) => writeSweepProgress(logTable, progress),
    findOpenRuns: (day, period) => findOpenRuns(auditTable, day, period),
    sweepRun: (open, takenBefore) =>
      sweepRun(auditTable, thingPrefix, open, {
        now: new Date(),
        until: AbortSignal.timeout(RUN_MS),
        withdrawUntil: AbortSignal.timeout(WITHDRAW_MS),
        takenBefore,
      }),
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MS,
    onFailure: ({ home, run }, error) => logger.error("A run was not ended", { home, run, error }),
    onUnreadable: (error) => logger.error("A run cannot be read", { error }),
  });
  publishMeasures([
    { name: "RunsSwept", value: report.swept, unit: "Count" },
    { name: "CommandsWithdrawn", value: report.withdrawn, unit: "Count" },
    { name: "NotWithdrawn", value: report.notWithdrawn, unit: "Count" },
  ]);
  return report;
});
