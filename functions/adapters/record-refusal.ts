import type { Caller } from "#domain/access/caller.ts";
import { type Refusal, refusalRecord } from "#domain/audit/refusal-record.ts";
import { putFirstRecord } from "./audit-table.ts";
import { logger } from "./observed.ts";

/** Records a refused call. The answer is the same where that fails: it is a refusal either way, and the log says so. */
export const recordRefusal = async (
  auditTableName: string,
  caller: Caller | undefined,
  refusal: Refusal,
): Promise<void> => {
  try {
    await putFirstRecord(auditTableName, await refusalRecord(caller, refusal));
  } catch (error) {
    logger.error("A refusal was not recorded", { error, tool: refusal.tool, code: refusal.code });
  }
};
