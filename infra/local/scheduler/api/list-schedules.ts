// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import { constraints } from "../schedules/constraints.ts";
import type { SchedulerOperation } from "./operation.ts";
import { epochSeconds, pageOf, queryName } from "./request.ts";

/** The schedules by group and name, those of a group, with a prefix or in a state. */
export const listSchedules: SchedulerOperation = {
  name: "ListSchedules",
  method: "GET",
  path: "/schedules",
  understand: ({ request }, { arns, book, schedules }) => ({
    permissions: [{ action: "scheduler:ListSchedules", resource: "*" }],
    carryOut: () => {
      const group = queryName(request, "ScheduleGroup", "groupName");
      const prefix = queryName(request, "NamePrefix", "namePrefix");
      const read = constraints();
      const state = read.oneOf("state", request.query.get("State"), ["ENABLED", "DISABLED"]);
      read.check();
      if (group !== undefined) book.group(group);
      const { items, next } = pageOf(
        request,
        (after, limit) => {
          const [groupAfter = "", nameAfter = ""] = after.split("/");
          return schedules.page({ after: [groupAfter, nameAfter], limit, group, prefix, state });
        },
        (schedule) => `${schedule.group}/${schedule.name}`,
      );
      return jsonResponse({
        Schedules: items.map(({ settings, ...schedule }) => ({
          Arn: arns.schedule(schedule.group, schedule.name),
          GroupName: schedule.group,
          Name: schedule.name,
          State: settings.State,
          CreationDate: epochSeconds(schedule.createdMs),
          LastModificationDate: epochSeconds(schedule.modifiedMs),
          Target: { Arn: settings.Target.Arn },
        })),
        ...(next === undefined ? {} : { NextToken: next }),
      });
    },
  }),
};
