// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html
import check from "dynalite/validations/untagResource.js";
import { checkRequest } from "../store/check-request.ts";
import type { Operation } from "../store/operation.ts";
import { changeTags, findTagged } from "./table-tags.ts";

/** UntagResource, for tables. */
export const UNTAG_RESOURCE: Operation = {
  check: (raw) => checkRequest("UntagResource", raw, check),
  run: ({ store, data }) => {
    const gone = new Set(data.TagKeys as readonly string[]);
    return changeTags(store, findTagged(store, data), (tags) =>
      Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key))),
    );
  },
};
