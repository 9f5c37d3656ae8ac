// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
import createTableCheck from "dynalite/validations/createTable.js";
import { notEmulated } from "#local/wire/aws-service.ts";
import { isObject } from "#local/wire/json.ts";
import { checkRequest, type Json } from "../store/check-request.ts";
import type { DynaliteRequest, SecondaryIndex } from "../store/dynalite-types.ts";
import { parseTags } from "./table-tags.ts";

// Kept and shown by DescribeTable; none of them changes how the table behaves here.
const SHOWN_SETTINGS = ["TableClass", "OnDemandThroughput", "WarmThroughput"] as const;

const OWN_MEMBERS = [
  ...SHOWN_SETTINGS,
  "DeletionProtectionEnabled",
  "SSESpecification",
  "StreamSpecification",
  "Tags",
];

/** @throws AwsError `NotEmulated` for a table with a stream; nothing here would ever read one. */
export const refuseStream = (operation: string, raw: Json): void => {
  if (isObject(raw.StreamSpecification) && raw.StreamSpecification.StreamEnabled === true) {
    throw notEmulated("DynamoDB", `${operation} with StreamSpecification`);
  }
};

/** Checks a table's keys and indexes as CreateTable does; UpdateTable checks with it what it is about to make. */
export const checkTableDefinition = (raw: Json): DynaliteRequest => {
  refuseStream("CreateTable", raw);
  const data = checkRequest("CreateTable", raw, createTableCheck, OWN_MEMBERS);
  parseTags(raw.Tags);
  return data;
};

/** The members of a description that follow from settings that are only shown. */
export const shownSettings = (raw: Json): Json => ({
  ...Object.fromEntries(
    SHOWN_SETTINGS.filter((name) => isObject(raw[name]) || typeof raw[name] === "string").map(
      (name) => [name === "TableClass" ? "TableClassSummary" : name, shown(name, raw[name])],
    ),
  ),
  ...(isObject(raw.SSESpecification) && raw.SSESpecification.Enabled === true
    ? { SSEDescription: { Status: "ENABLED", SSEType: "KMS" } }
    : {}),
});

const shown = (name: string, value: unknown): unknown =>
  name === "TableClass" ? { TableClass: value } : value;

/** An index as DescribeTable shows it, active at once. */
export const describeIndex = (
  tableArn: string,
  index: SecondaryIndex,
  kind: "local" | "global",
): SecondaryIndex => ({
  ...index,
  IndexArn: `${tableArn}/index/${index.IndexName}`,
  IndexSizeBytes: 0,
  ItemCount: 0,
  ...(kind === "global"
    ? {
        IndexStatus: "ACTIVE",
        ProvisionedThroughput: throughput(index.ProvisionedThroughput),
      }
    : {}),
});

/** Provisioned units as a description shows them; zeroes on demand. */
export const throughput = (units: unknown): Json => ({
  ReadCapacityUnits: 0,
  WriteCapacityUnits: 0,
  ...(isObject(units) ? units : {}),
  NumberOfDecreasesToday: 0,
});

/** How the table is paid for, as a description shows it. */
export const billing = (mode: unknown, nowMs: number): Json =>
  mode === "PAY_PER_REQUEST"
    ? {
        BillingModeSummary: {
          BillingMode: "PAY_PER_REQUEST",
          LastUpdateToPayPerRequestDateTime: nowMs / 1000,
        },
        TableThroughputModeSummary: {
          TableThroughputMode: "PAY_PER_REQUEST",
          LastUpdateToPayPerRequestDateTime: nowMs / 1000,
        },
      }
    : {};
