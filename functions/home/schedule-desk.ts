import type { Scheduler } from "#adapters/schedules-client.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import type { ScheduleMaking } from "#domain/schedule/new-schedule.ts";

/** Where schedules are kept. */
export interface SchedulesDeployment {
  readonly homeTableName: string;
  readonly auditTableName: string;
  readonly scheduler: Pick<Scheduler, "place" | "remove">;
}

/** One call of schedule_scene: in which home, by whom, when. */
export interface ScheduleDesk extends ScheduleMaking {
  readonly deployment: SchedulesDeployment;
  readonly access: HomeAccess;
}
