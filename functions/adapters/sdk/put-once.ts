import { isDeepStrictEqual } from "node:util";
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";

/** A conditional write of a whole item. */
export type ConditionalPut = Pick<
  PutItemCommandInput,
  "TableName" | "Item" | "ExpressionAttributeValues"
> & { readonly ConditionExpression: string };

/**
 * Writes an item on a condition; `false` where the condition did not hold. It counts as written where exactly this item stands
 * there: the answer of a write can get lost, and the SDK's next try is then refused because of the first.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ReturnValuesOnConditionCheckFailure
 */
export const putOnce = async (
  client: Pick<DynamoDBClient, "send">,
  put: ConditionalPut,
): Promise<boolean> => {
  try {
    await client.send(
      new PutItemCommand({ ...put, ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return isDeepStrictEqual(asValue(error.Item), asValue(put.Item));
  }
};

// As values, because DynamoDB writes numbers in its own way.
const asValue = (item: PutItemCommandInput["Item"]): unknown =>
  item === undefined ? undefined : unmarshall(item, { wrapNumbers: Number });
