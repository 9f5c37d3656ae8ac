import {
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from "@aws-sdk/client-dynamodb";

/**
 * The pages of a query, each asked for when the one before has been looked at, with what is asked for by then: a limit may
 * have shrunk. Gives up at `until`.
 */
export async function* queryPages(
  client: Pick<DynamoDBClient, "send">,
  input: () => QueryCommandInput,
  until?: AbortSignal,
): AsyncGenerator<QueryCommandOutput> {
  let from: QueryCommandOutput["LastEvaluatedKey"];
  do {
    const page = await client.send(
      new QueryCommand({ ...input(), ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
      until === undefined ? undefined : { abortSignal: until },
    );
    yield page;
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}
