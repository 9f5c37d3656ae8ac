import type { QueryCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, expect, test, vi } from "vitest";
import { logger } from "#adapters/observed.ts";
import { primeTable } from "#adapters/priming/prime-table.ts";

const { send } = vi.hoisted(() => ({
  send: vi.fn(async (_command: QueryCommand): Promise<object> => ({ Items: [] })),
}));
vi.mock("#adapters/dynamodb-client.ts", () => ({ dynamoDbClient: { send } }));

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  send.mockClear();
});

test("a handler that is only loaded asks nothing", async () => {
  vi.stubEnv("AWS_LAMBDA_INITIALIZATION_TYPE", undefined);

  await primeTable("audit");

  expect(send).not.toHaveBeenCalled();
});

test("in Lambda a table is asked once, at half the price, for what no record is under", async () => {
  vi.stubEnv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");

  await primeTable("audit");

  expect(send.mock.calls.map(([{ input }]) => input)).toEqual([
    expect.objectContaining({
      TableName: "audit",
      ConsistentRead: false,
      ExpressionAttributeValues: { ":partition": { S: "HOME##RUN#" } },
    }),
  ]);
});

test("a table that cannot be asked keeps no function from starting, and the log says so", async () => {
  vi.stubEnv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
  const error = new Error("no connection");
  send.mockRejectedValueOnce(error);
  const warn = vi.spyOn(logger, "warn").mockImplementation(() => undefined);

  await primeTable("audit");

  expect(warn.mock.calls).toEqual([["The table was not asked ahead", { error }]]);
});
