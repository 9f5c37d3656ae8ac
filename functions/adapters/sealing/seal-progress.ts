import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { dynamoDbClient as client } from "#adapters/dynamodb-client.ts";
import { logControlKey, PROGRESS_KEY, STACK_LOG } from "#domain/home/keys.ts";
import type { SealProgress } from "#domain/log/sealing/seal-progress.ts";

const KEY = { PK: logControlKey(STACK_LOG), SK: PROGRESS_KEY };

/** How far the sealer has come; undefined where none has been yet. */
export const readProgress = async (logTable: string): Promise<SealProgress | undefined> => {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: logTable, Key: marshall(KEY), ConsistentRead: true }),
  );
  if (Item === undefined) return undefined;
  const { sealedTo, lookedBackOn, lookedBack } = unmarshall(Item);
  return {
    sealedTo: Number(sealedTo),
    lookedBackOn: String(lookedBackOn),
    lookedBack: Number(lookedBack),
  };
};

/** Of two sealers at once the last has the word: what the other had done is only looked at again. */
export const writeProgress = async (logTable: string, progress: SealProgress): Promise<void> => {
  await client.send(
    new PutItemCommand({ TableName: logTable, Item: marshall({ ...KEY, ...progress }) }),
  );
};
