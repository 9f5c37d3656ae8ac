import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { type Memberships, parseMemberships } from "#domain/access/membership.ts";
import type { Home } from "#domain/home/home.ts";
import { principalKey } from "#domain/home/keys.ts";
import { thingPrefixOfStage } from "./environment.ts";
import { traced } from "./observed.ts";
import { queryHome } from "./query-home.ts";
import { queryPartition } from "./query-partition.ts";

const client = traced(new DynamoDBClient({}));
const thingPrefix = thingPrefixOfStage();

/** What somebody belongs to now, by the `sub` of their token: read at each call, so that who is removed is out. */
export const readMemberships = async (tableName: string, sub: string): Promise<Memberships> =>
  parseMemberships(
    await queryPartition(client, tableName, { partition: principalKey(sub) }),
    Date.now(),
  );

/** The home that an access is to, as `queryHome` reads it. */
export const readHome = (tableName: string, access: HomeAccess): Promise<Home> =>
  queryHome(client, tableName, { home: homeOf(access), thingPrefix });
