// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteSchedule.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { SchedulerOperation } from "./operation.ts";
import { groupNameOf, pathName } from "./request.ts";

/** Takes a schedule away, at once. */
export const deleteSchedule: SchedulerOperation = {
  name: "DeleteSchedule",
  method: "DELETE",
  path: "/schedules/{Name}",
  understand: (input, { arns, book }) => {
    const name = pathName(input);
    const group = groupNameOf(input.request.query.get("groupName"));
    return {
      permissions: [{ action: "scheduler:DeleteSchedule", resource: arns.schedule(group, name) }],
      carryOut: () => {
        book.delete(group, name);
        return jsonResponse({});
      },
    };
  },
};
