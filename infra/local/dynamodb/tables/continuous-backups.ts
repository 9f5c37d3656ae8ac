import { AwsError } from "#local/wire/aws-service.ts";
import type { Json } from "../store/check-request.ts";
import type { Store, Table, TableSettings } from "../store/store.ts";

/** These operations have an error of their own for a table that is not there. */
export const findBackedUp = (store: Store, name: string): Table => {
  const table = store.table(name);
  if (table === undefined) throw new AwsError("TableNotFoundException", `Table not found: ${name}`);
  return table;
};

/** What both operations answer. The times are those of the setting; nothing is backed up. */
export const describeBackups = (
  { pointInTimeRecovery: recovery }: TableSettings,
  nowMs: number,
): Json => ({
  ContinuousBackupsDescription: {
    ContinuousBackupsStatus: "ENABLED",
    PointInTimeRecoveryDescription:
      recovery === undefined
        ? { PointInTimeRecoveryStatus: "DISABLED" }
        : {
            PointInTimeRecoveryStatus: "ENABLED",
            RecoveryPeriodInDays: recovery.recoveryPeriodInDays,
            EarliestRestorableDateTime: recovery.sinceEpochSeconds,
            LatestRestorableDateTime: nowMs / 1000,
          },
  },
});
