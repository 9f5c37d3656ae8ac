// DynamoDB in a process of its own, to be killed: prints its endpoint as one line of JSON and stays.
import { openDynamoDb } from "#local/dynamodb/dynamo-db.ts";
import { ACCOUNT, REGION, startTestEndpoint } from "../endpoint/test-endpoint.ts";

const [file = ""] = process.argv.slice(2);
const endpoint = await startTestEndpoint();
const dynamoDb = await openDynamoDb({ file, region: REGION, accountId: ACCOUNT });
endpoint.register(dynamoDb.service);
process.stdout.write(`${JSON.stringify(endpoint.client)}\n`);
