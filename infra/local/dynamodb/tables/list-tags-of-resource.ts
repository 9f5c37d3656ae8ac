// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html
import check from "dynalite/validations/listTagsOfResource.js";
import { dynamoDbOperation } from "../store/operation.ts";
import { checkTagged, findTagged, tagPermissions } from "./table-tags.ts";

/** ListTagsOfResource, for tables, in one page. */
export const LIST_TAGS_OF_RESOURCE = dynamoDbOperation({
  name: "ListTagsOfResource",
  check: (raw) => checkTagged("ListTagsOfResource", raw, check),
  permissions: tagPermissions("ListTagsOfResource"),
  run: ({ store, data }) => {
    const tags = Object.entries(findTagged(store, data).settings.tags ?? {});
    return { Tags: tags.map(([Key, Value]) => ({ Key, Value })) };
  },
});
