import { dynamoDbClient } from "#adapters/dynamodb-client.ts";
import { logger } from "#adapters/observed.ts";
import { queryPartition } from "#adapters/query-partition.ts";
import { NO_RUN_KEY } from "#domain/home/keys.ts";

const LONGEST_MS = 1000;

/**
 * Asks a table for nothing while a function's process is initialized, which is not yet anybody's waiting on one machine, and has a whole
 * core on AWS: the first call of an SDK client takes some 25 ms more than a later one, to connect and to compile what it goes through.
 * That it fails is no error: the function's own first call is made as ever, and says what is wrong.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
export const primeTable = async (tableName: string): Promise<void> => {
  // Lambda's own variable: nothing is asked where a handler is only loaded.
  if (process.env.AWS_LAMBDA_INITIALIZATION_TYPE === undefined) return;
  try {
    await queryPartition(dynamoDbClient, tableName, {
      partition: NO_RUN_KEY,
      onlyKeys: true,
      mayBeStale: true,
      until: AbortSignal.timeout(LONGEST_MS),
    });
  } catch (error) {
    logger.warn("The table was not asked ahead", { error });
  }
};
