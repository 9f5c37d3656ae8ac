import { userInfo } from "node:os";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { putOnce } from "#adapters/sdk/put-once.ts";
import { FORMAT } from "#domain/format.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { sceneKey, scenesKey, sceneVersionKey } from "#domain/home/keys.ts";
import type { Scene } from "#domain/home/scene.ts";
import { sceneChanges } from "#domain/scene/settle/scene-changes.ts";
import { Problem } from "../command/problem.ts";
import { type Records, recordChange } from "../devices/change-item.ts";
import type { Registry } from "../devices/registry.ts";

type Tables = Records & Pick<Registry, "homeTable">;

/**
 * Writes the next version of a scene, keeps the one before, and records who changed what; `false` where it is so already.
 * @throws Problem when somebody was faster
 */
export const writeScene = async (
  tables: Tables,
  home: HomeId,
  before: Scene | undefined,
  after: Scene,
  command: string,
): Promise<boolean> => {
  const changed = sceneChanges(before, after);
  if (changed.length === 0) return false;
  const { homeTable } = tables;
  // As save_scene does: the record first, then what was before, then the new one.
  await recordChange(tables, {
    home,
    change: "scene-saved",
    subject: after.id,
    details: { version: after.version, changed },
    command,
  });
  const PK = scenesKey(home);
  if (before !== undefined) {
    const SK = sceneVersionKey(before.id, before.version);
    await put(tables, homeTable, { PK, SK, ...before });
  }
  const item = {
    PK,
    SK: sceneKey(after.id),
    ...after,
    savedBy: userInfo().username,
    savedAt: new Date().toISOString(),
  };
  if (await put(tables, homeTable, item, after.version)) return true;
  throw new Problem(`Somebody else saved "${after.id}" meanwhile; try again.`);
};

const put = (
  { dynamoDb }: Tables,
  table: string,
  item: object,
  version?: number,
): Promise<boolean> => {
  const values: Record<string, AttributeValue> | undefined =
    version === undefined ? undefined : { ":version": { N: String(version) } };
  return putOnce(dynamoDb, {
    TableName: table,
    Item: marshall({ v: FORMAT, ...item }, { removeUndefinedValues: true }),
    ConditionExpression: `attribute_not_exists(SK)${version === undefined ? "" : " OR version < :version"}`,
    ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
  });
};
