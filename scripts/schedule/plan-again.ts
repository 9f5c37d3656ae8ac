import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { counted } from "#domain/counted.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { isObject } from "#domain/json.ts";
import { type Schedule, scheduleRecord } from "#domain/schedule/schedule.ts";
import { connectToHome } from "../command/home-client.ts";
import type { Registry } from "../devices/registry.ts";

/**
 * Gives schedules a new version that is still to be placed, and has schedule_scene place them; where the machine client is
 * not of the home, the next call of somebody who is, or the daily refresh, does that.
 * @returns what was done, in a line
 */
export const planAgain = async (
  registry: Registry,
  home: HomeId,
  schedules: readonly Schedule[],
): Promise<string> => {
  for (const schedule of schedules) {
    const next: Schedule = { ...schedule, version: schedule.version + 1, standing: "to_place" };
    await registry.dynamoDb.send(
      new PutItemCommand({
        TableName: registry.homeTable,
        Item: marshall(scheduleRecord(next)),
        ConditionExpression: "version = :version",
        ExpressionAttributeValues: marshall({ ":version": schedule.version }),
      }),
    );
  }
  const client = await connectToHome(await registry.signIn(["machine"]));
  try {
    const { error } = await client.callTool("schedule_scene", { action: "list", home });
    const when = isObject(error) ? " with tonight's refresh" : "";
    return `${counted(schedules.length, "schedule")} by the sun planned again${when}.`;
  } finally {
    await client.close();
  }
};
