// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html
import { type AwsService, notEmulated } from "#local/wire/aws-service.ts";
import type { JsonObject } from "#local/wire/json.ts";
import { DYNAMODB } from "#local/wire/json-api.ts";
import { jsonService, parseJsonObject } from "#local/wire/json-service.ts";
import { OPERATIONS } from "./operations.ts";
import { withNamespace } from "./store/dynamo-error.ts";
import { openStore } from "./store/store.ts";
import { sweep } from "./store/sweep.ts";

export interface DynamoDbOptions {
  /** The SQLite file; made where it is missing. */
  readonly file: string;
  readonly region: string;
  readonly accountId: string;
  /** How often items whose time to live has passed are taken out. AWS promises days; the default is half a minute. */
  readonly sweepEveryMs?: number;
  readonly log?: (line: string) => void;
}

export interface DynamoDb {
  readonly service: AwsService;
  /** Commits nothing more and lets the file go. */
  close(): Promise<void>;
}

const DEFAULT_SWEEP_MS = 30_000;

/**
 * DynamoDB over one SQLite file.
 * @throws LocalError `DataDamaged` or `AlreadyRunning`, naming the file.
 */
export const openDynamoDb = async (options: DynamoDbOptions): Promise<DynamoDb> => {
  const { region, accountId } = options;
  const store = openStore(options.file);

  const sweepNow = async (): Promise<void> => {
    try {
      sweep(store, Date.now());
      await store.settled();
    } catch (error) {
      options.log?.(`DynamoDB: expired items were not taken out: ${String(error)}`);
    }
  };
  const sweeper = setInterval(() => void sweepNow(), options.sweepEveryMs ?? DEFAULT_SWEEP_MS);
  sweeper.unref();

  let open = true;
  return {
    service: jsonService({
      name: "DynamoDB",
      api: DYNAMODB,
      operations: OPERATIONS,
      context: { store, region, accountId, isOpen: () => open },
      parseBody,
      toError: withNamespace,
    }),
    close: async () => {
      clearInterval(sweeper);
      if (open) store.close();
      open = false;
    },
  };
};

const parseBody = (text: string): JsonObject => {
  // As a key of a JavaScript object this name is not a name, and the attribute would silently be lost.
  if (text.includes('"__proto__"')) {
    throw notEmulated("DynamoDB", "an attribute called __proto__");
  }
  // DynamoDB says nothing more than the code.
  return parseJsonObject(text, "");
};
