// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import { parseSettings } from "../schedules/parse-settings.ts";
import type { SchedulerOperation } from "./operation.ts";
import { bodyOf, groupNameOf, passRole, pathName } from "./request.ts";

/** Replaces all of a schedule: what the request leaves out has its default again, State ENABLED too. */
export const updateSchedule: SchedulerOperation = {
  name: "UpdateSchedule",
  method: "PUT",
  path: "/schedules/{Name}",
  understand: (input, { arns, book, nowMs }) => {
    const body = bodyOf(input.request);
    const name = pathName(input);
    const group = groupNameOf(body.GroupName);
    const ScheduleArn = arns.schedule(group, name);
    return {
      permissions: [
        { action: "scheduler:UpdateSchedule", resource: ScheduleArn },
        ...passRole(body.Target),
      ],
      carryOut: () => {
        const settings = parseSettings({ operation: "UpdateSchedule", body, nowMs: nowMs() });
        const { isDeclared } = book.schedule(group, name);
        book.update({ group, name, settings, isDeclared });
        return jsonResponse({ ScheduleArn });
      },
    };
  },
};
