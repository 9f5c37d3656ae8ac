import { AwsError } from "#local/wire/aws-service.ts";
import { checkRequest, type Json, returnsFailedItem } from "../store/check-request.ts";
import { runDynalite } from "../store/dynalite-store.ts";
import type {
  AttributeMap,
  DynaliteAction,
  DynaliteRequest,
  RequestCheck,
} from "../store/dynalite-types.ts";
import { inEnvelope, withFailedItem } from "../store/dynamo-error.ts";
import { checkItemSize } from "../store/item-size.ts";
import { type DynamoDbOperation, dynamoDbOperation } from "../store/operation.ts";
import type { Store } from "../store/store.ts";

/** An operation on one item, or on several that are read, that dynalite carries out. */
export interface ItemAction {
  readonly name: string;
  readonly check: RequestCheck;
  readonly action: DynaliteAction;
}

// Known to AWS since 2023, and not to dynalite.
const FAILED_ITEM = "ReturnValuesOnConditionCheckFailure";

/** Checks one write, and the size of what it puts. */
export const checkWrite = (raw: Json, { name, check }: ItemAction): DynaliteRequest => {
  returnsFailedItem(raw);
  const data = checkRequest(name, raw, check, [FAILED_ITEM]);
  if (data.Item !== undefined) {
    checkItemSize(data.Item, "Item size has exceeded the maximum allowed size");
  }
  return data;
};

/**
 * Carries out a write on one item, within a transaction of the store.
 * @throws AwsError `ConditionalCheckFailedException`, with the item where the request asks for it.
 */
export const writeItem = (
  { action }: ItemAction,
  store: Store,
  raw: Json,
  data: DynaliteRequest,
): Json => {
  let read: AttributeMap | undefined;
  try {
    return runDynalite(action, store, data, (item) => {
      read = item;
    });
  } catch (error) {
    throw error instanceof AwsError &&
      error.code === "ConditionalCheckFailedException" &&
      returnsFailedItem(raw)
      ? withFailedItem(error, read)
      : error;
  }
};

/** The operation of a write on its own. */
export const writeOperation = (action: ItemAction): DynamoDbOperation =>
  dynamoDbOperation({
    name: action.name,
    check: (raw) => enveloped(() => checkWrite(raw, action)),
    run: ({ store, raw, data }) =>
      enveloped(() => store.transaction(() => writeItem(action, store, raw, data))),
  });

const enveloped = <T>(run: () => T): T => {
  try {
    return run();
  } catch (error) {
    throw inEnvelope(error);
  }
};

/** The operation of a read. It sees one state of the store, since nothing comes between. */
export const readOperation = ({
  name,
  check,
  action,
  checkMore,
}: ItemAction & {
  /** What dynalite lets pass. @throws AwsError `ValidationException` */
  readonly checkMore?: (raw: Json) => void;
}): DynamoDbOperation =>
  dynamoDbOperation({
    name,
    check: (raw) => {
      const data = checkRequest(name, raw, check);
      checkMore?.(raw);
      return data;
    },
    run: ({ store, data }) => runDynalite(action, store, data),
  });
