import type { DynamoDbOperation } from "#local/dynamodb/store/operation.ts";
import { openStore, type Store } from "#local/dynamodb/store/store.ts";
import { CREATE_TABLE } from "#local/dynamodb/tables/create-table.ts";
import { findTable } from "#local/dynamodb/tables/find-table.ts";
import { AwsError } from "#local/wire/aws-service.ts";
import { JsonText } from "#local/wire/json-service.ts";
import { ACCOUNT, REGION } from "../endpoint/test-endpoint.ts";
import { AUDIT_TABLE } from "./test-table.ts";

/** A store with the audit table, whose items go at `goneAt`. */
export const openAuditStore = async (): Promise<Store> => {
  const store = openStore(":memory:");
  await answered(CREATE_TABLE, store, AUDIT_TABLE);
  const table = findTable(store, "Audit");
  store.transaction(() =>
    store.changeTable({ ...table, settings: { timeToLiveAttribute: "goneAt" } }),
  );
  return store;
};

/** What an operation answers, as it goes over the wire: its result, or its error with all that is in it. */
export const answered = async (
  operation: DynamoDbOperation,
  store: Store,
  request: object,
): Promise<string> => {
  const parts = { store, region: REGION, accountId: ACCOUNT, isOpen: () => true };
  try {
    const answer = await operation.understand({ ...structuredClone(request) }, parts).carryOut();
    return answer instanceof JsonText ? answer.text : JSON.stringify(answer);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { code, message, status, fields } = error;
    return JSON.stringify({ code, message, status, fields });
  }
};
