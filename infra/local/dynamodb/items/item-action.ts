import { AwsError } from "#local/wire/aws-service.ts";
import type { JsonText } from "#local/wire/json-service.ts";
import { checkRequest, type Json, returnsFailedItem } from "../store/check-request.ts";
import { runDynalite } from "../store/dynalite-store.ts";
import type {
  AttributeMap,
  DynaliteAction,
  DynaliteRequest,
  RequestCheck,
} from "../store/dynalite-types.ts";
import { inEnvelope, withFailedItem } from "../store/dynamo-error.ts";
import { type DynamoDbOperation, dynamoDbOperation } from "../store/operation.ts";
import type { Store } from "../store/store.ts";

/** Is told each item that was read for a condition. */
export type OnRead = (item: AttributeMap | undefined) => void;

/** An operation on one item, or on several that are read, that dynalite checks. */
export interface ItemAction {
  readonly name: string;
  readonly check: RequestCheck;
  /** @throws AwsError as AWS answers */
  carryOut(store: Store, data: DynaliteRequest, onRead?: OnRead): Json;
}

/** What dynalite carries out, too. */
export const byDynalite =
  (action: DynaliteAction): ItemAction["carryOut"] =>
  (store, data, onRead) =>
    runDynalite(action, store, data, onRead);

// Known to AWS since 2023, and not to dynalite.
const FAILED_ITEM = "ReturnValuesOnConditionCheckFailure";

/** Checks one write. */
export const checkWrite = (raw: Json, { name, check }: ItemAction): DynaliteRequest => {
  returnsFailedItem(raw);
  return checkRequest(name, raw, check, [FAILED_ITEM]);
};

/**
 * Carries out a write on one item, within a transaction of the store.
 * @throws AwsError `ConditionalCheckFailedException`, with the item where the request asks for it.
 */
export const writeItem = (
  { carryOut }: ItemAction,
  store: Store,
  raw: Json,
  data: DynaliteRequest,
): Json => {
  let read: AttributeMap | undefined;
  try {
    return carryOut(store, data, (item) => {
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

/**
 * The operation of a write on its own. `atOnce` carries out what needs no transaction; undefined: it wrote nothing, and the
 * action does.
 */
export const writeOperation = (
  action: ItemAction,
  atOnce?: (store: Store, data: DynaliteRequest) => Json | undefined,
): DynamoDbOperation =>
  dynamoDbOperation({
    name: action.name,
    check: (raw) => enveloped(() => checkWrite(raw, action)),
    run: ({ store, raw, data }) =>
      enveloped(
        () => atOnce?.(store, data) ?? store.transaction(() => writeItem(action, store, raw, data)),
      ),
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
  carryOut,
  checkMore,
}: Pick<ItemAction, "name" | "check"> & {
  carryOut(store: Store, data: DynaliteRequest): Json | JsonText;
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
    run: ({ store, data }) => carryOut(store, data),
  });
