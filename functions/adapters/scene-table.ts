import { marshall } from "@aws-sdk/util-dynamodb";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { FORMAT } from "#domain/format.ts";
import { sceneKey, scenesKey, sceneVersionKey } from "#domain/home/keys.ts";
import type { Scene } from "#domain/home/scene.ts";
import { dynamoDbClient as client } from "./dynamodb-client.ts";
import { putOnce } from "./sdk/put-once.ts";

/** Who saved a version, and when. */
export interface SavedBy {
  readonly savedBy: string;
  /** ISO 8601. */
  readonly savedAt: string;
}

/**
 * Writes the next version of a scene; `false` when somebody saved one meanwhile. The version before is kept first: cut
 * off in between, it stands there twice and nothing is lost.
 */
export const putScene = async (
  tableName: string,
  access: HomeAccess,
  before: Scene | undefined,
  after: Scene & SavedBy,
): Promise<boolean> => {
  const PK = scenesKey(homeOf(access));
  if (before !== undefined) {
    const SK = sceneVersionKey(before.id, before.version);
    await put(tableName, { PK, SK, ...before }, "attribute_not_exists(SK)");
  }
  return put(
    tableName,
    { PK, SK: sceneKey(after.id), ...after },
    "attribute_not_exists(SK) OR version < :version",
    { ":version": { N: String(after.version) } },
  );
};

const put = (
  tableName: string,
  item: object,
  condition: string,
  values?: Record<string, { readonly N: string }>,
): Promise<boolean> =>
  putOnce(client, {
    TableName: tableName,
    Item: marshall({ v: FORMAT, ...item }, { removeUndefinedValues: true }),
    ConditionExpression: condition,
    ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
  });
