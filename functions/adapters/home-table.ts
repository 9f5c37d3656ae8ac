import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Home } from "#domain/home/home.ts";
import { traced } from "./observed.ts";
import { queryHome } from "./query-home.ts";

const client = traced(new DynamoDBClient({}));

/** The home of a table, as `queryHome` reads it. */
export const readHome = (tableName: string): Promise<Home> => queryHome(client, tableName);
