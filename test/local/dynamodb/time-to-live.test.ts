import {
  CreateTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  ScanCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  AUDIT_TABLE,
  createAuditTable,
  startTestDynamoDb,
  type TestDynamoDb,
} from "./test-table.ts";

let house: TestDynamoDb;

beforeEach(async () => {
  house = await startTestDynamoDb({ sweepEveryMs: 10 });
  await createAuditTable(house.client);
});
afterEach(async () => {
  await house.close();
});

const put = (
  sk: string,
  rest: Record<string, { S: string } | { N: string }> = {},
  TableName = "Audit",
) =>
  house.client.send(
    new PutItemCommand({ TableName, Item: { pk: { S: "x" }, sk: { S: sk }, ...rest } }),
  );

describe("time to live", () => {
  const enable = (Enabled: boolean, AttributeName = "expiresAt", TableName = "Audit") =>
    house.client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { Enabled, AttributeName },
      }),
    );
  const sortKeys = async (IndexName?: string, TableName = "Audit") => {
    const { Items } = await house.client.send(
      new ScanCommand({ TableName, ...(IndexName === undefined ? {} : { IndexName }) }),
    );
    return Items?.map(({ sk }) => sk?.S).sort();
  };
  const now = Math.floor(Date.now() / 1000);

  test("items whose time has passed go, from the indexes too; all others stay", async () => {
    await put("before", { expiresAt: { N: `${now - 10}` }, device: { S: "hall" } });
    await enable(true);
    await put("passed", { expiresAt: { N: `${now - 10}` } });
    await put("future", { expiresAt: { N: `${now + 3600}` }, device: { S: "hall" } });
    await put("never");
    await put("text", { expiresAt: { S: `${now - 10}` } });
    await put("milliseconds", { expiresAt: { N: `${Date.now() - 10_000}` } });
    await put("ancient", { expiresAt: { N: "1000" } });

    await expect
      .poll(() => sortKeys())
      .toEqual(["ancient", "future", "milliseconds", "never", "text"]);
    expect(await sortKeys("byDevice")).toEqual(["future"]);
  });

  test("nothing goes while it is off", async () => {
    await enable(true);
    await enable(false);
    await put("passed", { expiresAt: { N: `${now - 10}` } });
    // Another table's item that goes says that the sweeper has been there.
    await house.client.send(new CreateTableCommand({ ...AUDIT_TABLE, TableName: "Swept" }));
    await enable(true, "expiresAt", "Swept");
    await put("passed", { expiresAt: { N: `${now - 10}` } }, "Swept");

    await expect.poll(() => sortKeys(undefined, "Swept")).toEqual([]);

    expect(await sortKeys()).toEqual(["passed"]);
  });

  test("it is described, and cannot be set to what it is", async () => {
    const described = async () =>
      (await house.client.send(new DescribeTimeToLiveCommand({ TableName: "Audit" })))
        .TimeToLiveDescription;
    expect(await described()).toEqual({ TimeToLiveStatus: "DISABLED" });
    await expect(enable(false)).rejects.toThrow("TimeToLive is already disabled");

    await enable(true);

    expect(await described()).toEqual({
      TimeToLiveStatus: "ENABLED",
      AttributeName: "expiresAt",
    });
    await expect(enable(true)).rejects.toThrow("TimeToLive is already enabled");
    await expect(enable(false, "other")).rejects.toThrow("is active on a different AttributeName");
  });
});
