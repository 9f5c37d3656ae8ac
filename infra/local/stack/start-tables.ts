import { type DynamoDb, openDynamoDb } from "../dynamodb/dynamo-db.ts";
import type { Ground } from "./ground.ts";

/** Opens DynamoDB; what it holds from an earlier start is there. */
export const startTables = async (ground: Ground): Promise<DynamoDb> => {
  const { identity, endpoint, file, log } = ground;
  const dynamoDb = await openDynamoDb({
    file: file("dynamodb.sqlite"),
    region: identity.region,
    accountId: identity.accountId,
    log,
  });
  endpoint.register(dynamoDb.service);
  return dynamoDb;
};
