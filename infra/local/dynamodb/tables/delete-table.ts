// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
import check from "dynalite/validations/deleteTable.js";
import { checkRequest } from "../store/check-request.ts";
import { validationError } from "../store/dynamo-error.ts";
import { dynamoDbOperation } from "../store/operation.ts";
import { findTable } from "./find-table.ts";

/** DeleteTable: gone in the answer, unless the table is protected. */
export const DELETE_TABLE = dynamoDbOperation({
  name: "DeleteTable",
  check: (raw) => checkRequest("DeleteTable", raw, check),
  run: ({ store, data }) => {
    const table = findTable(store, data.TableName);
    if (table.description.DeletionProtectionEnabled === true) {
      throw validationError(
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
      );
    }
    store.transaction(() => store.removeTable(table));
    return { TableDescription: { ...table.description, TableStatus: "DELETING" } };
  },
});
