// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetScheduleGroup.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import { describeGroup } from "./list-schedule-groups.ts";
import type { SchedulerOperation } from "./operation.ts";
import { pathName } from "./request.ts";

/** One group. */
export const getScheduleGroup: SchedulerOperation = {
  name: "GetScheduleGroup",
  method: "GET",
  path: "/schedule-groups/{Name}",
  understand: (input, { arns, book }) => {
    const name = pathName(input);
    return {
      permissions: [{ action: "scheduler:GetScheduleGroup", resource: arns.group(name) }],
      carryOut: () => jsonResponse(describeGroup(book.group(name), arns)),
    };
  },
};
