// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_TagResource.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { SchedulerOperation } from "./operation.ts";
import { bodyOf } from "./request.ts";
import { checkCount, parseTags, taggedGroup } from "./tags.ts";

/** Adds tags to a group, or gives those that it has other values. */
export const tagResource: SchedulerOperation = {
  name: "TagResource",
  method: "POST",
  path: "/tags/{ResourceArn}",
  understand: (input, api) => {
    const { arn, find } = taggedGroup(input, api);
    return {
      permissions: [{ action: "scheduler:TagResource", resource: arn }],
      carryOut: () => {
        const group = find();
        const tags = parseTags(bodyOf(input.request).Tags);
        api.groups.put({ ...group, tags: checkCount(new Map([...group.tags, ...tags])) });
        return jsonResponse({});
      },
    };
  },
};
