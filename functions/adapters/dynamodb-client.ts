import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { traced } from "./observed.ts";
import { SDK_CLIENT } from "./sdk/sdk-client.ts";
import { settled } from "./sdk/settled.ts";

/**
 * The one client of all tables. One for each would connect by itself, which is a handshake more in a cold run for each, and put
 * together by itself what all ask.
 * https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-reusing-connections.html
 */
export const dynamoDbClient = settled(traced(new DynamoDBClient(SDK_CLIENT)));
