import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import type { Position } from "#domain/home/home-meta.ts";
import { HomeError } from "#domain/home-error.ts";
import {
  type DaysAhead,
  daysAhead,
  type EventBridgeSchedule,
  lastingSchedule,
  placeName,
  type SchedulePlace,
  singleSchedules,
} from "#domain/schedule/eventbridge-schedule.ts";
import type { Schedule } from "#domain/schedule/schedule.ts";
import { requiredVariable } from "./environment.ts";
import { traced } from "./observed.ts";
import { SDK_CLIENT } from "./sdk/sdk-client.ts";

const client = traced(new SchedulerClient(SDK_CLIENT));

/** Where the home is, if somebody said so: the sun is of that place. */
export interface Site {
  readonly position?: Position;
}

/** EventBridge Scheduler, as the records of schedules use it. */
export interface Scheduler {
  /**
   * Makes what is placed of a schedule what its record says: the lasting one, in place of what was there, and the single
   * firings of the coming days. Doing it again changes nothing.
   */
  place(schedule: Schedule, site: Site): Promise<void>;
  /** Only the single firings; those that are there stay. @returns how many were not */
  placeSingles(schedule: Schedule, site: Site): Promise<number>;
  /** Takes away what is placed of a schedule as its record was, if anything is. */
  remove(schedule: Schedule, site: Site): Promise<void>;
}

/** The scheduler of this stage. @throws HomeError `EnvironmentInvalid` */
export const stageScheduler = (now: () => number = Date.now): Scheduler => {
  const place: SchedulePlace = {
    group: requiredVariable("SCHEDULE_GROUP"),
    roleArn: requiredVariable("SCHEDULE_ROLE_ARN"),
    targetArn: requiredVariable("START_SCHEDULED_SCENE_ARN"),
    deadLettersArn: requiredVariable("SCHEDULE_DEAD_LETTERS_ARN"),
  };
  const days = ({ position }: Site): DaysAhead => ({
    ...daysAhead(now()),
    ...(position === undefined ? {} : { position }),
  });
  const placeSingles = async (schedule: Schedule, site: Site): Promise<number> => {
    let placed = 0;
    for (const single of await singleSchedules(schedule, place, days(site))) {
      if (await createOnce(single)) placed += 1;
    }
    return placed;
  };
  return {
    place: async (schedule, site) => {
      const lasting = lastingSchedule(schedule, place, now());
      if (lasting === undefined) await remove(place.group, placeName(schedule));
      else await createOrReplace(lasting);
      await placeSingles(schedule, site);
    },
    placeSingles,
    remove: async (schedule, site) => {
      await remove(place.group, placeName(schedule));
      for (const { GroupName, Name } of await singlesToRemove(schedule, place, days(site))) {
        await remove(GroupName, Name);
      }
    },
  };
};

// What was placed for a place that nobody knows any more cannot be named. It is refused when it comes, since its
// version is gone, and takes itself away after it.
const singlesToRemove = async (
  schedule: Schedule,
  place: SchedulePlace,
  days: DaysAhead,
): Promise<readonly EventBridgeSchedule[]> => {
  try {
    return await singleSchedules(schedule, place, days);
  } catch (error) {
    if (error instanceof HomeError && error.code === "PositionMissing") return [];
    throw error;
  }
};

const createOnce = async (schedule: EventBridgeSchedule): Promise<boolean> => {
  try {
    await client.send(new CreateScheduleCommand(schedule));
    return true;
  } catch (error) {
    if (error instanceof ConflictException) return false;
    throw error;
  }
};

const createOrReplace = async (schedule: EventBridgeSchedule): Promise<void> => {
  if (!(await createOnce(schedule))) await client.send(new UpdateScheduleCommand(schedule));
};

const remove = async (GroupName: string, Name: string): Promise<void> => {
  try {
    await client.send(new DeleteScheduleCommand({ GroupName, Name }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return;
    throw error;
  }
};
