import type { RestOperation } from "#local/wire/rest-service.ts";
import type { ScheduleBook } from "../engine/schedule-book.ts";
import type { SchedulerArns } from "../schedules/names.ts";
import type { GroupTable } from "../store/group-table.ts";
import type { ScheduleTable } from "../store/schedule-table.ts";

/** What the operations of the Scheduler work on. */
export interface SchedulerApi {
  readonly arns: SchedulerArns;
  readonly book: ScheduleBook;
  readonly groups: GroupTable;
  readonly schedules: ScheduleTable;
  readonly nowMs: () => number;
}

/** An operation of the Scheduler. */
export type SchedulerOperation = RestOperation<SchedulerApi>;
