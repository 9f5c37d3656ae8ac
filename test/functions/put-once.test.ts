import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect, test } from "vitest";
import { putOnce } from "#adapters/sdk/put-once.ts";

type Client = Parameters<typeof putOnce>[0];

/** A table in which this stands where the condition does not hold; and what it was asked. */
const tableThat = (answers: () => Promise<object>) => {
  const asked: unknown[] = [];
  const send = (command: PutItemCommand): Promise<object> => {
    asked.push(command.input);
    return answers();
  };
  return { client: { send } as unknown as Client, asked };
};

const refusedBecauseOf = (Item?: Record<string, AttributeValue>) =>
  tableThat(() =>
    Promise.reject(
      new ConditionalCheckFailedException({
        message: "The conditional request failed",
        $metadata: {},
        ...(Item === undefined ? {} : { Item }),
      }),
    ),
  ).client;

const ITEM: Record<string, AttributeValue> = marshall({
  PK: "a",
  SK: "b",
  at: 1e-7,
  of: { who: "anna" },
});
const PUT = {
  TableName: "t",
  Item: ITEM,
  ConditionExpression: "attribute_not_exists(PK)",
};

test("a write whose condition holds is written, and asks what stands there otherwise", async () => {
  const { client, asked } = tableThat(async () => ({}));

  expect(await putOnce(client, PUT)).toBe(true);
  expect(asked).toEqual([{ ...PUT, ReturnValuesOnConditionCheckFailure: "ALL_OLD" }]);
});

// REQ: lost-answer
test("what an earlier try of the same write has written is written, however DynamoDB writes its numbers", async () => {
  const stored = { ...ITEM, at: { N: "0.0000001" } };

  expect(await putOnce(refusedBecauseOf(stored), PUT)).toBe(true);
});

test("what somebody else wrote is not, nor what is not there", async () => {
  const others = marshall({ PK: "a", SK: "b", at: 1e-7, of: { who: "ben" } });

  expect(await putOnce(refusedBecauseOf(others), PUT)).toBe(false);
  expect(await putOnce(refusedBecauseOf(), PUT)).toBe(false);
});

test("what else AWS says is thrown", async () => {
  const { client } = tableThat(() => Promise.reject(new Error("throttled")));

  await expect(putOnce(client, PUT)).rejects.toThrow("throttled");
});
