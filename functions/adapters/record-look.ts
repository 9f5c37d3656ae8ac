import type { AuditRecord } from "#domain/audit/audit-record.ts";
import { HomeError } from "#domain/home-error.ts";
import { putRecord } from "./audit-table.ts";
import { logger } from "./observed.ts";

/**
 * Records a look of somebody who does not live where they look, before they are answered.
 * @throws HomeError `VisitNotRecorded`: without the record there is no answer
 */
export const recordLook = async (auditTableName: string, record: AuditRecord): Promise<void> => {
  try {
    await putRecord(auditTableName, record);
  } catch (cause) {
    logger.error("A look was not recorded", { cause });
    throw new HomeError(
      "VisitNotRecorded",
      "Your look could not be recorded, and without a record there is no answer. Nothing was changed. Try again in a minute.",
      { cause },
    );
  }
};
