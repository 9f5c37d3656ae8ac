// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html
import check from "dynalite/validations/tagResource.js";
import { dynamoDbOperation } from "../store/operation.ts";
import { changeTags, checkTagged, findTagged, parseTags, tagPermissions } from "./table-tags.ts";

/** TagResource, for tables. */
export const TAG_RESOURCE = dynamoDbOperation({
  name: "TagResource",
  check: (raw) => checkTagged("TagResource", raw, check),
  permissions: tagPermissions("TagResource"),
  run: ({ store, raw, data }) =>
    changeTags(store, findTagged(store, data), (tags) => ({ ...tags, ...parseTags(raw.Tags) })),
});
