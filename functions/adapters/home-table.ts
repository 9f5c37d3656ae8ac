import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import type { Memberships } from "#domain/access/membership.ts";
import type { Home } from "#domain/home/home.ts";
import { dynamoDbClient as client } from "./dynamodb-client.ts";
import { thingPrefixOfStage } from "./environment.ts";
import { queryHome } from "./query-home.ts";
import { queryMemberships } from "./query-memberships.ts";

const thingPrefix = thingPrefixOfStage();

/** What somebody belongs to, as `queryMemberships` reads it. */
export const readMemberships = (tableName: string, sub: string): Promise<Memberships> =>
  queryMemberships(client, tableName, sub);

/** The home that an access is to, as `queryHome` reads it. */
export const readHome = (tableName: string, access: HomeAccess): Promise<Home> =>
  queryHome(client, tableName, { home: homeOf(access), thingPrefix });
