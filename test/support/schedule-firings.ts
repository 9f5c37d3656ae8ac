import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { expect } from "vitest";
import type { Journey } from "./journey.ts";

/** An `at(…)` of so many seconds from now, in UTC. */
export const inSeconds = (seconds: number): string =>
  `at(${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)})`;

/** Makes a schedule through the gateway. */
export const makeSchedule = async (
  { client }: Journey,
  schedule: {
    readonly schedule: string;
    readonly scene: string;
    readonly when: string;
    readonly except?: readonly string[];
  },
): Promise<void> => {
  const made = await client.callTool("schedule_scene", {
    action: "create",
    zone: "UTC",
    ...schedule,
  });
  expect(made).toMatchObject({ name: schedule.schedule, scene: schedule.scene });
};

/** What is recorded of a schedule's firings in the home, by their planned moment. */
export const firingsOf = async (
  { home }: Journey,
  schedule: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const { endpoint, region, credentials } = home.stack.aws;
  const dynamoDb = new DynamoDBClient({ endpoint, region, credentials });
  try {
    const { Items = [] } = await dynamoDb.send(
      new QueryCommand({
        TableName: home.endpoints.aws.tables.audit,
        KeyConditionExpression: "PK = :schedule",
        ExpressionAttributeValues: { ":schedule": { S: `HOME#home#SCHEDULE#${schedule}` } },
        ConsistentRead: true,
      }),
    );
    return Items.map((item) => unmarshall(item));
  } finally {
    dynamoDb.destroy();
  }
};

/** Delivers an event to start-scheduled-scene and waits for what it says. */
export const deliver = async ({ home }: Journey, event: unknown): Promise<unknown> => {
  const { endpoint, region, credentials } = home.stack.aws;
  const lambda = new LambdaClient({ endpoint, region, credentials });
  try {
    const { Payload } = await lambda.send(
      new InvokeCommand({
        FunctionName: "smarthome-start-scheduled-scene",
        Payload: JSON.stringify(event),
      }),
    );
    return JSON.parse(new TextDecoder().decode(Payload));
  } finally {
    lambda.destroy();
  }
};
