import { deleteSchedule, readSchedules, writeSchedule } from "#adapters/home-schedules.ts";
import { logger } from "#adapters/observed.ts";
import { HomeError } from "#domain/home-error.ts";
import { hasSingles } from "#domain/schedule/eventbridge-schedule.ts";
import type { Schedule } from "#domain/schedule/schedule.ts";
import type { ScheduleDesk } from "./schedule-desk.ts";

const MOST_TRIES = 3;

/**
 * Does what a schedule's record says is still to be done, and says so in the record. The record comes first and the
 * scheduler after it, so a cut-off between the two leaves nothing that fires wrongly (start-scheduled-scene asks the
 * record, and its version), and the next call finds it and does the rest here.
 * @param before the version in whose place it comes: what is placed singly of it would only come to be skipped
 * @returns the schedule as it stands; `undefined` when it is gone
 * @throws HomeError `ScheduleNotPlaced` when the scheduler cannot be told now
 */
export const settleSchedule = async (
  desk: ScheduleDesk,
  schedule: Schedule,
  before?: Schedule,
): Promise<Schedule | undefined> => {
  const { deployment, access } = desk;
  if (before !== undefined && hasSingles(before)) await takeAway(desk, before);
  let current = schedule;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const settled = await trySettling(desk, current);
    if (settled !== "changed") return settled;
    // Somebody wrote a newer version meanwhile, and what was placed here may stand in the place of theirs.
    const schedules = await readSchedules(deployment.homeTableName, access);
    const newer = schedules.find((one) => one.schedule === current.schedule);
    if (newer === undefined) {
      await takeAway(desk, current);
      return undefined;
    }
    current = newer;
  }
  throw notPlaced(current, "somebody else changes it again and again");
};

const takeAway = async ({ deployment, meta }: ScheduleDesk, schedule: Schedule): Promise<void> => {
  try {
    await deployment.scheduler.remove(schedule, meta);
  } catch (cause) {
    throw notPlaced(schedule, cause);
  }
};

const trySettling = async (
  { deployment, meta }: ScheduleDesk,
  schedule: Schedule,
): Promise<Schedule | undefined | "changed"> => {
  const { homeTableName, scheduler } = deployment;
  try {
    if (schedule.standing === "to_remove") {
      await scheduler.remove(schedule, meta);
      await deleteSchedule(homeTableName, schedule);
      return undefined;
    }
    const placed: Schedule = { ...schedule, standing: "placed" };
    await scheduler.place(schedule, meta);
    await writeSchedule(homeTableName, placed, schedule);
    return placed;
  } catch (error) {
    if (error instanceof HomeError && error.code === "ScheduleChanged") return "changed";
    throw notPlaced(schedule, error);
  }
};

const notPlaced = ({ schedule, standing }: Schedule, cause: unknown): HomeError => {
  logger.error("The scheduler could not be told", { schedule, cause });
  return new HomeError(
    "ScheduleNotPlaced",
    standing === "to_remove"
      ? `The schedule "${schedule}" runs no more, but the scheduler could not be told now. The next call of schedule_scene tells it.`
      : `The schedule "${schedule}" is kept, but the scheduler could not be told now: until it is, the schedule does not run. Call schedule_scene with {"action":"list"} in a minute, which tells it.`,
    { cause },
  );
};
