import { type AttributeValue, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { dynamoDbClient as client } from "#adapters/dynamodb-client.ts";
import { PROGRESS_KEY, SWEEPER_KEY } from "#domain/home/keys.ts";

const KEY = { PK: SWEEPER_KEY, SK: PROGRESS_KEY };

/** What a pass of the sweeper leaves to the next. */
export interface SweepProgress {
  /** Up to when every run that was asked for has ended, epoch milliseconds. */
  readonly sweptTo: number;
  /** By run, the devices whose commands were taken back of those that could not be ended yet. */
  readonly taken: ReadonlyMap<string, readonly string[]>;
}

// An item holds 400 KB; this many devices of the newest runs take a third of it. What is dropped was taken back all the same.
const MOST_DEVICES = 4_000;

/** What the pass before left; undefined where nobody has looked yet. */
export const readSweepProgress = async (logTable: string): Promise<SweepProgress | undefined> => {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: logTable, Key: marshall(KEY), ConsistentRead: true }),
  );
  const sweptTo = Number(Item?.sweptTo?.N);
  if (Item === undefined || !Number.isFinite(sweptTo)) return undefined;
  const taken = Object.entries(Item.taken?.M ?? {}).map(
    ([run, { L = [] }]) => [run, L.flatMap(deviceIn)] as const,
  );
  return { sweptTo, taken: new Map(taken) };
};

const deviceIn = ({ S }: AttributeValue): readonly string[] => (S === undefined ? [] : [S]);

/** Of two sweepers at once the last has the word: what the other had done is only looked at again. */
export const writeSweepProgress = async (
  logTable: string,
  { sweptTo, taken }: SweepProgress,
): Promise<void> => {
  let room = MOST_DEVICES;
  const kept = [...taken].filter(([, devices]) => {
    room -= devices.length;
    return room >= 0;
  });
  const item = {
    ...KEY,
    sweptTo,
    ...(kept.length === 0 ? {} : { taken: Object.fromEntries(kept) }),
  };
  await client.send(new PutItemCommand({ TableName: logTable, Item: marshall(item) }));
};
