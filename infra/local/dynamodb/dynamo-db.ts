// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html
import {
  AwsError,
  type AwsRequest,
  type AwsService,
  notEmulated,
} from "#local/wire/aws-service.ts";
import { isObject } from "#local/wire/json.ts";
import { OPERATIONS } from "./operations.ts";
import { permissionsFor } from "./permissions.ts";
import type { Json } from "./store/check-request.ts";
import type { DynaliteRequest } from "./store/dynalite-types.ts";
import { withNamespace } from "./store/dynamo-error.ts";
import type { Operation } from "./store/operation.ts";
import { openStore } from "./store/store.ts";
import { sweep } from "./store/sweep.ts";
import { withoutTableArns } from "./tables/table-arn.ts";

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

interface CheckedRequest {
  readonly name: string;
  readonly operation: Operation;
  readonly raw: Json;
  readonly data: DynaliteRequest;
}

/**
 * DynamoDB over one SQLite file.
 * @throws LocalError `DataDamaged` or `AlreadyRunning`, naming the file.
 */
export const openDynamoDb = async (options: DynamoDbOptions): Promise<DynamoDb> => {
  const { region, accountId } = options;
  const store = openStore(options.file);
  const checked = new WeakMap<AwsRequest, CheckedRequest>();

  // Asked for the permissions first and for the answer then; checked once.
  const check = (request: AwsRequest): CheckedRequest => {
    const known = checked.get(request);
    if (known !== undefined) return known;
    const name = operationName(request);
    const operation = OPERATIONS.get(name);
    if (operation === undefined) throw notEmulated("DynamoDB", name);
    const raw = withoutTableArns(parseBody(request.body), { region, accountId });
    const result = { name, operation, raw, data: operation.check(raw) };
    checked.set(request, result);
    return result;
  };

  const sweeper = setInterval(() => {
    try {
      sweep(store, Date.now());
    } catch (error) {
      options.log?.(`DynamoDB: expired items were not taken out: ${String(error)}`);
    }
  }, options.sweepEveryMs ?? DEFAULT_SWEEP_MS);
  sweeper.unref();

  let open = true;
  return {
    service: {
      signingNames: ["dynamodb"],
      errorProtocol: "json",
      requiredPermissions: (request) => {
        try {
          const { name, data } = check(request);
          return permissionsFor(name, data, { store, region, accountId });
        } catch (error) {
          throw withNamespace(error);
        }
      },
      handle: async (request) => {
        try {
          const { operation, raw, data } = check(request);
          if (!open) throw closed();
          const input = { store, raw, data, region, accountId, nowMs: Date.now() };
          return {
            status: 200,
            headers: { "content-type": "application/x-amz-json-1.0" },
            body: JSON.stringify(operation.run(input)),
          };
        } catch (error) {
          throw withNamespace(error);
        }
      },
    },
    close: async () => {
      clearInterval(sweeper);
      if (open) store.close();
      open = false;
    },
  };
};

const closed = (): AwsError =>
  new AwsError("ServiceUnavailable", "DynamoDB is being stopped.", { status: 503 });

const operationName = (request: AwsRequest): string => {
  const [version, name] = request.headers["x-amz-target"]?.split(".") ?? [];
  if (request.method !== "POST" || version !== "DynamoDB_20120810" || name === undefined) {
    throw new AwsError("UnknownOperationException", "");
  }
  return name;
};

const parseBody = (body: Buffer): Json => {
  const text = body.toString("utf8");
  // As a key of a JavaScript object this name is not a name, and the attribute would silently be lost.
  if (text.includes('"__proto__"')) {
    throw notEmulated("DynamoDB", "an attribute called __proto__");
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch (cause) {
    throw new AwsError("SerializationException", "", { cause });
  }
  throw new AwsError("SerializationException", "");
};
