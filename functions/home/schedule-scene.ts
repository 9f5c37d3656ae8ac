import {
  deleteSchedule,
  readHomeMeta,
  readSchedules,
  writeSchedule,
} from "#adapters/home-schedules.ts";
import { logger } from "#adapters/observed.ts";
import type { Caller } from "#domain/access/caller.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";
import { inHome } from "#domain/run/run-result.ts";
import {
  asksTheSame,
  changedSchedule,
  MOST_SCHEDULES,
  newSchedule,
  pausedSchedule,
  removedSchedule,
  resumedSchedule,
} from "#domain/schedule/new-schedule.ts";
import { parseUntil } from "#domain/schedule/parse-until.ts";
import { type Schedule, UNTIL_RESUMED } from "#domain/schedule/schedule.ts";
import { scheduleNamed } from "#domain/schedule/schedule-named.ts";
import type { ToolCall } from "#domain/tools/tools.ts";
import { homeNameIn } from "./call/home-name.ts";
import { deciding } from "./deciding.ts";
import { resolveWish } from "./resolve-wish.ts";
import { listSchedules, tellSchedule } from "./schedule-answers.ts";
import type { ScheduleDesk, SchedulesDeployment } from "./schedule-desk.ts";
import { settleSchedule } from "./settle-schedule.ts";

/**
 * Makes, changes, rests, lists or removes schedules of the home. What an earlier call left undone is done first.
 * @throws HomeError of the first thing that is wrong, with nothing changed; `ScheduleNotPlaced` when the record was
 * written and the scheduler could not be told
 */
export const scheduleScene = async (
  deployment: SchedulesDeployment,
  caller: Caller,
  access: HomeAccess,
  call: ToolCall<"schedule_scene">,
): Promise<unknown> => {
  const meta = await readHomeMeta(deployment.homeTableName, access);
  const desk: ScheduleDesk = { deployment, access, meta, caller, nowMs: Date.now() };
  const schedules = await settleOld(desk, await readSchedules(deployment.homeTableName, access));
  switch (call.action) {
    case "list":
      return call.schedule === undefined
        ? listSchedules(desk, schedules)
        : tellSchedule(desk, named(call.schedule, schedules), undefined);
    case "create":
      return create(desk, call, schedules);
    case "change": {
      const before = named(call.schedule, schedules);
      const wish = await resolveWish(desk, call, before);
      const schedule = deciding(() => changedSchedule(before, wish, desk));
      return keep(desk, schedule, before, "is changed");
    }
    case "pause": {
      const before = named(call.schedule, schedules);
      const until =
        call.until === undefined ? UNTIL_RESUMED : parseUntil(call.until, before.zone, desk.nowMs);
      return keep(desk, pausedSchedule(before, until, desk), before, "is paused");
    }
    case "resume": {
      const before = named(call.schedule, schedules);
      return keep(desk, resumedSchedule(before, desk), before, "is resumed");
    }
    case "remove":
      return remove(desk, named(call.schedule, schedules));
  }
};

const named = (name: string, schedules: readonly Schedule[]): Schedule =>
  scheduleNamed(name, schedules, 'Call again with one of these, or with {"action":"list"}.');

// What cannot be done now does not keep the call from what it is about: the list says which are waiting.
const settleOld = async (
  desk: ScheduleDesk,
  stored: readonly Schedule[],
): Promise<readonly Schedule[]> => {
  const settled: Schedule[] = [];
  for (const schedule of stored) {
    if (schedule.standing === "placed") {
      settled.push(schedule);
      continue;
    }
    try {
      const now = await settleSchedule(desk, schedule);
      if (now !== undefined) settled.push(now);
    } catch (error) {
      if (!(error instanceof HomeError)) throw error;
      logger.warn("A schedule is still to be settled", { schedule: schedule.schedule });
      settled.push(schedule);
    }
  }
  return settled;
};

const create = async (
  desk: ScheduleDesk,
  call: Extract<ToolCall<"schedule_scene">, { readonly action: "create" }>,
  schedules: readonly Schedule[],
): Promise<unknown> => {
  const wish = await resolveWish(desk, call, undefined);
  const { scene = call.scene } = wish;
  const schedule = deciding(() =>
    newSchedule(call.schedule, { ...wish, scene, when: call.when }, desk),
  );
  const there = schedules.find((one) => one.schedule === schedule.schedule);
  if (there !== undefined) {
    // A call that is repeated because its answer was lost.
    if (asksTheSame(there, schedule)) return tellSchedule(desk, there, "was there already");
    throw new HomeError(
      "ScheduleExists",
      `There is a schedule ${shown(there.name)} (${there.schedule}) already. Change it with {"action":"change"}, or choose another name. Nothing was changed.`,
      { closest: [there.schedule] },
    );
  }
  if (schedules.length >= MOST_SCHEDULES) throw tooMany();
  const { homeTableName } = desk.deployment;
  await writeSchedule(homeTableName, schedule, undefined);
  // Others may have been made since these were read; of many at once some go back, and no more than the most stay.
  if ((await readSchedules(homeTableName, desk.access)).length > MOST_SCHEDULES) {
    await deleteSchedule(homeTableName, schedule);
    throw tooMany();
  }
  return settle(desk, schedule, undefined, "is made");
};

const tooMany = (): HomeError =>
  new HomeError(
    "TooManySchedules",
    `The home has ${MOST_SCHEDULES} schedules, which is the most. Remove one, or give one more days or times, e.g. "at 22:45 on mon..fri". Nothing was changed.`,
  );

const keep = async (
  desk: ScheduleDesk,
  schedule: Schedule,
  before: Schedule,
  done: string,
): Promise<unknown> => {
  if (asksTheSame(before, schedule)) return tellSchedule(desk, before, "was so already");
  await writeSchedule(desk.deployment.homeTableName, schedule, before);
  return settle(desk, schedule, before, done);
};

const settle = async (
  desk: ScheduleDesk,
  schedule: Schedule,
  before: Schedule | undefined,
  done: string,
): Promise<unknown> => {
  const placed = await settleSchedule(desk, schedule, before);
  if (placed !== undefined) return tellSchedule(desk, placed, done);
  throw new HomeError(
    "ScheduleChanged",
    `Somebody else removed the schedule "${schedule.schedule}" at the same time.`,
  );
};

const remove = async (desk: ScheduleDesk, before: Schedule): Promise<unknown> => {
  const removed = removedSchedule(before, desk);
  await writeSchedule(desk.deployment.homeTableName, removed, before);
  await settleSchedule(desk, removed, before);
  const about = homeNameIn(desk.access);
  return {
    ...(about.homeName === undefined ? {} : { home: desk.meta.home }),
    schedule: before.schedule,
    say: inHome(
      about,
      `The schedule ${shown(before.name)} is removed; it runs no more. What it did stays in the audit.`,
    ),
  };
};
