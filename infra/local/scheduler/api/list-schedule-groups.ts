// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListScheduleGroups.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { SchedulerArns } from "../schedules/names.ts";
import type { ScheduleGroup } from "../store/group-table.ts";
import type { SchedulerOperation } from "./operation.ts";
import { epochSeconds, pageOf, queryName } from "./request.ts";

/** A group as the API tells it. */
export const describeGroup = (group: ScheduleGroup, arns: SchedulerArns) => ({
  Arn: arns.group(group.name),
  Name: group.name,
  State: "ACTIVE",
  CreationDate: epochSeconds(group.createdMs),
  LastModificationDate: epochSeconds(group.modifiedMs),
});

/** The groups by name. */
export const listScheduleGroups: SchedulerOperation = {
  name: "ListScheduleGroups",
  method: "GET",
  path: "/schedule-groups",
  understand: ({ request }, { arns, groups }) => ({
    permissions: [{ action: "scheduler:ListScheduleGroups", resource: "*" }],
    carryOut: () => {
      const prefix = queryName(request, "NamePrefix", "namePrefix") ?? "";
      const { items, next } = pageOf(
        request,
        (after, limit) => groups.page(after, limit, prefix),
        ({ name }) => name,
      );
      return jsonResponse({
        ScheduleGroups: items.map((group) => describeGroup(group, arns)),
        ...(next === undefined ? {} : { NextToken: next }),
      });
    },
  }),
};
