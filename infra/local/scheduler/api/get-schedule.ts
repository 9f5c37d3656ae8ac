// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { SchedulerOperation } from "./operation.ts";
import { epochSeconds, groupNameOf, pathName } from "./request.ts";

/** All that is known of a schedule, with the defaults that nobody sent. */
export const getSchedule: SchedulerOperation = {
  name: "GetSchedule",
  method: "GET",
  path: "/schedules/{Name}",
  understand: (input, { arns, book }) => {
    const name = pathName(input);
    const group = groupNameOf(input.request.query.get("groupName"));
    const arn = arns.schedule(group, name);
    return {
      permissions: [{ action: "scheduler:GetSchedule", resource: arn }],
      carryOut: () => {
        book.group(group);
        const { settings, createdMs, modifiedMs } = book.schedule(group, name);
        return jsonResponse({
          Arn: arn,
          GroupName: group,
          Name: name,
          CreationDate: epochSeconds(createdMs),
          LastModificationDate: epochSeconds(modifiedMs),
          ...settings,
        });
      },
    };
  },
};
