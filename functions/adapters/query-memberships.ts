import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Memberships, parseMemberships } from "#domain/access/membership.ts";
import { principalKey } from "#domain/home/keys.ts";
import { queryPartition } from "./query-partition.ts";

/** What somebody belongs to now, by the `sub` of their token: read at each call, so that who is removed is out. */
export const queryMemberships = async (
  client: Pick<DynamoDBClient, "send">,
  tableName: string,
  sub: string,
): Promise<Memberships> =>
  parseMemberships(
    await queryPartition(client, tableName, { partition: principalKey(sub) }),
    Date.now(),
  );
