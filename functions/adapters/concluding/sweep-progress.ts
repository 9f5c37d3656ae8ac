import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { traced } from "#adapters/observed.ts";
import { SDK_CLIENT } from "#adapters/sdk/sdk-client.ts";
import { PROGRESS_KEY, SWEEPER_KEY } from "#domain/home/keys.ts";

const client = traced(new DynamoDBClient(SDK_CLIENT));
const KEY = { PK: SWEEPER_KEY, SK: PROGRESS_KEY };

/** The moment (epoch milliseconds) up to which every run that was asked for has ended; undefined where nobody has looked yet. */
export const readSweptTo = async (logTable: string): Promise<number | undefined> => {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: logTable, Key: marshall(KEY), ConsistentRead: true }),
  );
  return Item === undefined ? undefined : Number(Item.sweptTo?.N);
};

/** Of two sweepers at once the last has the word: what the other had done is only looked at again. */
export const writeSweptTo = async (logTable: string, sweptTo: number): Promise<void> => {
  await client.send(
    new PutItemCommand({ TableName: logTable, Item: marshall({ ...KEY, sweptTo }) }),
  );
};
