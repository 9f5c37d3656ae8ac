import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { putFirstRecord } from "#adapters/audit-table.ts";
import { traced } from "#adapters/observed.ts";
import { queryPartition } from "#adapters/query-partition.ts";
import { SDK_CLIENT } from "#adapters/sdk/sdk-client.ts";
import { type Firing, firingRecord, parseFiringRecord } from "#domain/audit/firing-record.ts";
import { scheduleFiringsKey } from "#domain/home/keys.ts";
import type { ScheduledCall } from "#domain/schedule/scheduled-call.ts";

const client = traced(new DynamoDBClient(SDK_CLIENT));

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
