// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import { parseSettings } from "../schedules/parse-settings.ts";
import type { SchedulerOperation } from "./operation.ts";
import { bodyOf, groupNameOf, passRole, pathName } from "./request.ts";

/** Makes a schedule. The role's trust is checked now; the target's existence is not. */
export const createSchedule: SchedulerOperation = {
  name: "CreateSchedule",
  method: "POST",
  path: "/schedules/{Name}",
  understand: (input, { arns, book, nowMs }) => {
    const body = bodyOf(input.request);
    const name = pathName(input);
    const group = groupNameOf(body.GroupName);
    const ScheduleArn = arns.schedule(group, name);
    return {
      permissions: [
        { action: "scheduler:CreateSchedule", resource: ScheduleArn },
        ...passRole(body.Target),
      ],
      carryOut: () => {
        const settings = parseSettings({ operation: "CreateSchedule", body, nowMs: nowMs() });
        book.create({ group, name, settings, isDeclared: false });
        return jsonResponse({ ScheduleArn });
      },
    };
  },
};
