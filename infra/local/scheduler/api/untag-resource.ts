// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UntagResource.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { SchedulerOperation } from "./operation.ts";
import { taggedGroup } from "./tags.ts";

/** Takes tags off a group. */
export const untagResource: SchedulerOperation = {
  name: "UntagResource",
  method: "DELETE",
  path: "/tags/{ResourceArn}",
  understand: (input, api) => {
    const { arn, find } = taggedGroup(input, api);
    return {
      permissions: [{ action: "scheduler:UntagResource", resource: arn }],
      carryOut: () => {
        const group = find();
        const keys = new Set(input.request.query.getAll("TagKeys"));
        const tags = new Map([...group.tags].filter(([key]) => !keys.has(key)));
        api.groups.put({ ...group, tags });
        return jsonResponse({});
      },
    };
  },
};
