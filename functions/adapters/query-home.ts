import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { type Home, parseHome } from "#domain/home/home.ts";
import { DEVICE_PREFIX, HOME_KEY, SCENE_PREFIX } from "#domain/home/home-record.ts";
import { HomeError } from "#domain/home-error.ts";

/**
 * Reads all devices and scenes with one strongly consistent query.
 * @throws HomeError `HomeEmpty` for a table without devices, or of the first record that is wrong.
 */
export const queryHome = async (
  client: Pick<DynamoDBClient, "send">,
  tableName: string,
): Promise<Home> => {
  const items: Record<string, unknown>[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: "PK = :home",
        ExpressionAttributeValues: { ":home": { S: HOME_KEY } },
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    for (const item of page.Items ?? []) items.push(unmarshall(item));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  const having = (prefix: string): readonly unknown[] =>
    items.filter((item) => typeof item.SK === "string" && item.SK.startsWith(prefix));
  const devices = having(DEVICE_PREFIX);
  if (devices.length === 0) {
    throw new HomeError("HomeEmpty", "The home has no devices yet; seed the home table first.");
  }
  return parseHome({ devices, scenes: having(SCENE_PREFIX) });
};
