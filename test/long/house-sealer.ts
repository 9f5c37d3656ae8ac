import { DynamoDBClient, PutItemCommand, paginateScan } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import {
  CHECKPOINT_KEY,
  ENTRY_PREFIX,
  HEAD_KEY,
  LEASE_KEY,
  logControlKey,
  logKey,
  logOf,
  recordName,
  STACK_LOG,
  SWEEPER_KEY,
} from "#domain/home/keys.ts";
import { isObject } from "#domain/json.ts";
import { localRegistry, type Registry } from "../../scripts/devices/registry.ts";

type Item = Readonly<Record<string, unknown>>;

/** An entry or a receipt: its place in the log, and the record that it is of. */
interface Placed {
  readonly index: number;
  readonly record: string;
}

/** What both tables hold. */
export interface Stored {
  readonly records: readonly Item[];
  /** In the order of their places. */
  entriesOf(log: string): readonly Placed[];
  receiptsOf(log: string): readonly Placed[];
  /** The signed head. */
  noteOf(log: string): string;
  /** What a pass that was killed left: somebody holds a log, or a head is not signed yet. */
  readonly isHeld: boolean;
  readonly isUnsigned: boolean;
}

/** The sealer of a house that is up, and what it works on. */
export interface HouseSealer {
  readonly registry: Registry;
  /** One pass, as the Scheduler asks for it every minute. */
  pass(): Promise<{ readonly sealed: number; readonly unsealed: number }>;
  read(): Promise<Stored>;
  /** Ends the leases of sealers that were killed, as thirty seconds would. */
  endLeases(): Promise<void>;
  close(): void;
}

/** Opens it by the APIs of the house on `data`. */
export const openHouseSealer = async (data: string): Promise<HouseSealer> => {
  const registry = await localRegistry(data);
  const { clientOptions, auditTable, logTable } = registry;
  // What is sent to a house that is killed is not sent again.
  const lambda = new LambdaClient({ ...clientOptions, maxAttempts: 1 });
  const dynamoDb = new DynamoDBClient(clientOptions);
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const { FunctionName } =
    Functions.find(({ FunctionName: name }) => name?.includes("SealRecords")) ?? {};

  const scan = async (TableName: string): Promise<readonly Item[]> => {
    const items: Item[] = [];
    for await (const { Items = [] } of paginateScan(
      { client: dynamoDb },
      { TableName, ConsistentRead: true },
    )) {
      items.push(...Items.map((item) => unmarshall(item)));
    }
    return items;
  };

  return {
    registry,
    pass: async () => {
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: "{}" }),
      );
      const told = Payload?.transformToString() ?? "";
      const value: unknown = JSON.parse(told);
      const { sealed, unsealed } = isObject(value) ? value : {};
      if (
        FunctionError !== undefined ||
        typeof sealed !== "number" ||
        typeof unsealed !== "number"
      ) {
        throw new Error(`the sealer answered ${told}`);
      }
      return { sealed, unsealed };
    },
    read: async () => storedOf(await scan(auditTable), await scan(logTable)),
    endLeases: async () => {
      for (const log of ["home", STACK_LOG]) {
        const Item = marshall({ PK: logControlKey(log), SK: LEASE_KEY, heldUntil: 0 });
        await dynamoDb.send(new PutItemCommand({ TableName: logTable, Item }));
      }
    },
    close: () => {
      registry.close();
      lambda.destroy();
      dynamoDb.destroy();
    },
  };
};

const storedOf = (records: readonly Item[], items: readonly Item[]): Stored => {
  const logs = ["home", STACK_LOG];
  const at = (PK: string, SK: string): Item =>
    items.find((item) => item.PK === PK && item.SK === SK) ?? {};
  const control = new Set([
    ...logs.flatMap((log) => [logKey(log), logControlKey(log)]),
    SWEEPER_KEY,
  ]);
  return {
    records,
    entriesOf: (log) =>
      items
        .filter(({ PK, SK }) => PK === logKey(log) && String(SK).startsWith(ENTRY_PREFIX))
        .map(({ SK, rec }) => ({
          index: Number(String(SK).slice(ENTRY_PREFIX.length)),
          record: String(rec),
        }))
        .toSorted(byPlace),
    receiptsOf: (log) =>
      items
        .filter(({ PK }) => !control.has(String(PK)) && logOf(String(PK)) === log)
        .map(({ PK, SK, index }) => ({
          index: Number(index),
          // A receipt's key ends with a hash.
          record: recordName(String(PK), String(SK).replace(/#[0-9a-f]+$/, "")),
        }))
        .toSorted(byPlace),
    noteOf: (log) => String(at(logControlKey(log), CHECKPOINT_KEY).note),
    isHeld: logs.some((log) => Number(at(logControlKey(log), LEASE_KEY).heldUntil ?? 0) > 0),
    isUnsigned: logs.some(
      (log) =>
        Number(at(logKey(log), HEAD_KEY).leaves ?? 0) !==
        Number(at(logControlKey(log), CHECKPOINT_KEY).leaves ?? 0),
    ),
  };
};

const byPlace = (one: Placed, other: Placed): number => one.index - other.index;
