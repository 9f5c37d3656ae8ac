import { putFirstRecord } from "#adapters/audit-table.ts";
import { dynamoDbClient as client } from "#adapters/dynamodb-client.ts";
import { queryPartition } from "#adapters/query-partition.ts";
import { type Firing, firingRecord, parseFiringRecord } from "#domain/audit/firing-record.ts";
import { scheduleFiringsKey } from "#domain/home/keys.ts";
import type { ScheduledCall } from "#domain/schedule/scheduled-call.ts";

/** What is recorded of the same planned moment. */
export const readFirings = async (
  tableName: string,
  { home, schedule, plannedAt }: ScheduledCall,
): Promise<readonly Firing[]> => {
  const items = await queryPartition(client, tableName, {
    partition: scheduleFiringsKey(home, schedule),
    prefix: `${plannedAt}#`,
    home,
  });
  return items.map((item) => parseFiringRecord(item, home));
};

/** Records a firing; one that is recorded already stays as it is. */
export const recordFiring = async (tableName: string, firing: Firing): Promise<void> => {
  await putFirstRecord(tableName, firingRecord(firing));
};
