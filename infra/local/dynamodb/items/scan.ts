// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
import dynaliteScan from "dynalite/actions/scan.js";
import check from "dynalite/validations/scan.js";
import type { Json } from "../store/check-request.ts";
import type { DynaliteAction } from "../store/dynalite-types.ts";
import { validationError } from "../store/dynamo-error.ts";
import { byDynalite, readOperation } from "./item-action.ts";
import { checkSelect } from "./select.ts";

// dynalite takes a segment of 0 for none.
const checkSegment = ({ Segment, TotalSegments }: Json): void => {
  if (Segment === 0 && (TotalSegments === undefined || TotalSegments === null)) {
    throw validationError(
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    );
  }
};

// A parameter that dynalite does not know: every read here is consistent, and AWS has none on a global index.
const action: DynaliteAction = (store, data, done) => {
  store.getTable(data.TableName, (error, table) => {
    const global = table?.GlobalSecondaryIndexes?.some((one) => one.IndexName === data.IndexName);
    if (error === undefined && global === true && data.ConsistentRead === true) {
      done(validationError("Consistent reads are not supported on global secondary indexes"));
    } else dynaliteScan(store, data, done);
  });
};

/** Scan, on a table or an index, also in segments. */
export const SCAN = readOperation({
  name: "Scan",
  check: { ...check, types: { ...check.types, ConsistentRead: { type: "Boolean" } } },
  carryOut: byDynalite(action),
  checkMore: (raw) => {
    checkSegment(raw);
    checkSelect("Scan", raw);
  },
});
