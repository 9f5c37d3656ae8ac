// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html
import check from "dynalite/validations/tagResource.js";
import { checkRequest } from "../store/check-request.ts";
import type { Operation } from "../store/operation.ts";
import { changeTags, findTagged, parseTags } from "./table-tags.ts";

/** TagResource, for tables. */
export const TAG_RESOURCE: Operation = {
  check: (raw) => checkRequest("TagResource", raw, check),
  run: ({ store, raw, data }) =>
    changeTags(store, findTagged(store, data), (tags) => ({ ...tags, ...parseTags(raw.Tags) })),
};
