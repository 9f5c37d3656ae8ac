// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html
import check from "dynalite/validations/untagResource.js";
import { dynamoDbOperation } from "../store/operation.ts";
import { changeTags, checkTagged, findTagged, tagPermissions } from "./table-tags.ts";

/** UntagResource, for tables. */
export const UNTAG_RESOURCE = dynamoDbOperation({
  name: "UntagResource",
  check: (raw) => checkTagged("UntagResource", raw, check),
  permissions: tagPermissions("UntagResource"),
  run: ({ store, data }) => {
    const gone = new Set(data.TagKeys as readonly string[]);
    return changeTags(store, findTagged(store, data), (tags) =>
      Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key))),
    );
  },
});
