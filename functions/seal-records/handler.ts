import { randomBytes } from "node:crypto";
import { nodeSha256 } from "#adapters/audit/node-sha256.ts";
import { requiredVariable } from "#adapters/environment.ts";
import { publishMeasures } from "#adapters/metrics.ts";
import { logger, observed } from "#adapters/observed.ts";
import { openLogTable, openReceipts } from "#adapters/sealing/log-table.ts";
import { readProgress, writeProgress } from "#adapters/sealing/seal-progress.ts";
import { openSigningKey } from "#adapters/sealing/signing-key.ts";
import { recordsSince } from "#adapters/sealing/unsealed-records.ts";
import { knownEntries } from "./known-entries.ts";
import { type PassReport, sealPass } from "./seal-pass.ts";

const auditTable = requiredVariable("AUDIT_TABLE_NAME");
const logTable = requiredVariable("LOG_TABLE_NAME");
const retentionDays = Number(requiredVariable("RECORD_RETENTION_DAYS"));
const store = openLogTable(logTable, auditTable);
const known = knownEntries();
const receiptsOf = openReceipts(logTable);
const { publicKey, sign } = openSigningKey(requiredVariable("LOG_KEY_ARN"));

// A log takes well under a second, a long one a few; what does not fit is the next pass's.
const RESERVE_MS = 10_000;

/** Every minute: gives each record that has none its entry in the log of its home, and signs the log's head. */
export const handler = observed(async (_event, context): Promise<PassReport> => {
  const report = await sealPass({
    store,
    known,
    receiptsOf,
    publicKey,
    sign,
    retentionDays,
    randomBytes,
    sha256: nodeSha256,
    nowMs: () => Date.now(),
    readProgress: () => readProgress(logTable),
    writeProgress: (progress) => writeProgress(logTable, progress),
    recordsSince: (seal, sinceMs) => recordsSince(auditTable, seal, sinceMs),
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MS,
    onFailure: (log, error) => logger.error("A log was not sealed", { log, error }),
  });
  publishMeasures([
    { name: "SealLag", value: Math.ceil(report.lagMs / 1000), unit: "Seconds" },
    { name: "Unsealed", value: report.unsealed, unit: "Count" },
    { name: "LateSealed", value: report.late, unit: "Count" },
  ]);
  return report;
});
