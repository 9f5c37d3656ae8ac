// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
import action from "dynalite/actions/scan.js";
import check from "dynalite/validations/scan.js";
import { readOperation } from "./item-action.ts";

/** Scan, on a table or an index, also in segments. */
export const SCAN = readOperation({ name: "Scan", check, action });
