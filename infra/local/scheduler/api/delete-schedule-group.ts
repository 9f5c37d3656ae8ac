// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteScheduleGroup.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { SchedulerOperation } from "./operation.ts";
import { pathName } from "./request.ts";

/** Takes a group away with its schedules, at once: on AWS it is DELETING for a while. */
export const deleteScheduleGroup: SchedulerOperation = {
  name: "DeleteScheduleGroup",
  method: "DELETE",
  path: "/schedule-groups/{Name}",
  understand: (input, { arns, book }) => {
    const name = pathName(input);
    return {
      permissions: [{ action: "scheduler:DeleteScheduleGroup", resource: arns.group(name) }],
      carryOut: () => {
        book.deleteGroup(name);
        return jsonResponse({});
      },
    };
  },
};
