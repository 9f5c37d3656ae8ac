// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { SchedulerOperation } from "./operation.ts";
import { bodyOf, pathName } from "./request.ts";
import { parseTags } from "./tags.ts";

/** Makes a group. */
export const createScheduleGroup: SchedulerOperation = {
  name: "CreateScheduleGroup",
  method: "POST",
  path: "/schedule-groups/{Name}",
  understand: (input, { arns, book }) => {
    const name = pathName(input);
    const ScheduleGroupArn = arns.group(name);
    return {
      permissions: [{ action: "scheduler:CreateScheduleGroup", resource: ScheduleGroupArn }],
      carryOut: () => {
        book.createGroup(name, parseTags(bodyOf(input.request).Tags), false);
        return jsonResponse({ ScheduleGroupArn });
      },
    };
  },
};
