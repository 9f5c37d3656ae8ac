import { readFileSync } from "node:fs";
import { type DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { type Home, parseHome } from "#domain/home/home.ts";
import { DEVICE_PREFIX, HOME_KEY, SCENE_PREFIX } from "#domain/home/home-record.ts";
import { homeItem } from "./home-records.ts";

/** Reads and checks a home file. @throws HomeError of the first record that is wrong */
export const readHomeFile = (file: string): Home =>
  parseHome(JSON.parse(readFileSync(file, "utf8")));

/** Writes a home's records into an empty home table; a table that holds a home is left as it is. */
export const seedHome = async (
  client: DynamoDBClient,
  tableName: string,
  home: Home,
): Promise<void> => {
  const present = await client.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: "PK = :home",
      ExpressionAttributeValues: { ":home": { S: HOME_KEY } },
      Limit: 1,
    }),
  );
  if ((present.Items ?? []).length > 0) return;
  const put = async (...item: Parameters<typeof homeItem>): Promise<void> => {
    await client.send(new PutItemCommand({ TableName: tableName, Item: homeItem(...item) }));
  };
  // Devices first: a scene is read against them.
  for (const device of home.devices) await put(`${DEVICE_PREFIX}${device.id}`, device);
  for (const scene of home.scenes) await put(`${SCENE_PREFIX}${scene.id}`, scene);
};
