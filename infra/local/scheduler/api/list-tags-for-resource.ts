// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListTagsForResource.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { SchedulerOperation } from "./operation.ts";
import { taggedGroup } from "./tags.ts";

/** The tags of a group. */
export const listTagsForResource: SchedulerOperation = {
  name: "ListTagsForResource",
  method: "GET",
  path: "/tags/{ResourceArn}",
  understand: (input, api) => {
    const { arn, find } = taggedGroup(input, api);
    return {
      permissions: [{ action: "scheduler:ListTagsForResource", resource: arn }],
      carryOut: () =>
        jsonResponse({ Tags: [...find().tags].map(([Key, Value]) => ({ Key, Value })) }),
    };
  },
};
