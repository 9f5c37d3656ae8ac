import type { Caller } from "#domain/access/caller.ts";
import { type Refusal, refusalRecord } from "#domain/audit/refusal-record.ts";
import { putFirstRecord } from "./audit-table.ts";
import { publishMeasures } from "./metrics.ts";
import { logger } from "./observed.ts";

/** Records and counts a refused call. The answer is the same where that fails: it is a refusal either way, and the log says so. */
export const recordRefusal = async (
  auditTableName: string,
  caller: Caller | undefined,
  refusal: Refusal,
): Promise<void> => {
  publishMeasures([{ name: "RefusedCalls", value: 1, unit: "Count" }]);
  try {
    await putFirstRecord(auditTableName, await refusalRecord(caller, refusal));
  } catch (error) {
    logger.error("A refusal was not recorded", { error, tool: refusal.tool, code: refusal.code });
  }
};
