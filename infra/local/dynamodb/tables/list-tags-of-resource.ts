// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html
import check from "dynalite/validations/listTagsOfResource.js";
import { checkRequest } from "../store/check-request.ts";
import type { Operation } from "../store/operation.ts";
import { findTagged } from "./table-tags.ts";

/** ListTagsOfResource, for tables, in one page. */
export const LIST_TAGS_OF_RESOURCE: Operation = {
  check: (raw) => checkRequest("ListTagsOfResource", raw, check),
  run: ({ store, data }) => {
    const tags = Object.entries(findTagged(store, data).settings.tags ?? {});
    return { Tags: tags.map(([Key, Value]) => ({ Key, Value })) };
  },
};
