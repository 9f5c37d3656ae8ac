// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
import type { AwsService } from "#local/wire/aws-service.ts";
import { restService } from "#local/wire/rest-service.ts";
import { createSchedule } from "./create-schedule.ts";
import { createScheduleGroup } from "./create-schedule-group.ts";
import { deleteSchedule } from "./delete-schedule.ts";
import { deleteScheduleGroup } from "./delete-schedule-group.ts";
import { getSchedule } from "./get-schedule.ts";
import { getScheduleGroup } from "./get-schedule-group.ts";
import { listScheduleGroups } from "./list-schedule-groups.ts";
import { listSchedules } from "./list-schedules.ts";
import { listTagsForResource } from "./list-tags-for-resource.ts";
import type { SchedulerApi } from "./operation.ts";
import { tagResource } from "./tag-resource.ts";
import { untagResource } from "./untag-resource.ts";
import { updateSchedule } from "./update-schedule.ts";

/** EventBridge Scheduler: all twelve operations. */
export const schedulerService = (api: SchedulerApi): AwsService =>
  restService({
    name: "EventBridge Scheduler",
    signingNames: ["scheduler"],
    operations: [
      createSchedule,
      updateSchedule,
      getSchedule,
      deleteSchedule,
      listSchedules,
      createScheduleGroup,
      getScheduleGroup,
      deleteScheduleGroup,
      listScheduleGroups,
      tagResource,
      untagResource,
      listTagsForResource,
    ],
    context: api,
    invalid: "ValidationException",
  });
