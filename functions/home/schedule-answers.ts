import { readNewestFirings } from "#adapters/home-schedules.ts";
import { readHome } from "#adapters/home-table.ts";
import { counted } from "#domain/counted.ts";
import type { Home } from "#domain/home/home.ts";
import { shown } from "#domain/printable.ts";
import { inHome } from "#domain/run/run-result.ts";
import { whyNotUnattended } from "#domain/schedule/may-run.ts";
import type { Schedule } from "#domain/schedule/schedule.ts";
import {
  FIRINGS_SHOWN,
  lastFiring,
  nextInWords,
  type ScheduleView,
  scheduleView,
} from "#domain/schedule/schedule-view.ts";
import { homeNameIn } from "./call/home-name.ts";
import type { ScheduleDesk } from "./schedule-desk.ts";

/** All schedules of the home, in short: the next firing of each, and what became of the last. */
export const listSchedules = async (
  desk: ScheduleDesk,
  schedules: readonly Schedule[],
): Promise<unknown> => {
  const about = homeNameIn(desk.access);
  const home = await readHome(desk.deployment.homeTableName, desk.access);
  const views = await Promise.all(schedules.map((one) => viewOf(desk, home, one, 1)));
  return {
    ...(about.homeName === undefined ? {} : { home: desk.meta.home }),
    say: inHome(about, `The home has ${counted(schedules.length, "schedule")}.`),
    schedules: views.map(({ notes: _, left_out: __, when: ___, next, next_at, ...view }) => ({
      ...view,
      ...(next[0] === undefined ? {} : { next: next[0] }),
      ...(next_at[0] === undefined ? {} : { next_at: next_at[0] }),
    })),
  };
};

// What a person reads of the past; npm run audit -- schedules has them all.
const HISTORY_SHOWN = 20;

/** One schedule with its next five firings, what its rules mean for it, and the last firing; asked for, the ones before it. */
export const tellSchedule = async (
  desk: ScheduleDesk,
  schedule: Schedule,
  done: string | undefined,
): Promise<unknown> => {
  const about = homeNameIn(desk.access);
  const home = await readHome(desk.deployment.homeTableName, desk.access);
  const view = await viewOf(desk, home, schedule, FIRINGS_SHOWN);
  const history = done === undefined ? await historyOf(desk, schedule) : undefined;
  const scene = home.scenes.find(({ id }) => id === view.scene)?.name ?? view.scene;
  const runs = `it runs ${scene} ${view.in_words}.`;
  const said =
    done === undefined
      ? `The schedule ${shown(view.name)}: ${runs}`
      : `The schedule ${shown(view.name)} ${done}: ${runs}`;
  return {
    ...(about.homeName === undefined ? {} : { home: desk.meta.home }),
    say: inHome(about, `${said} ${nextInWords(view)}`),
    ...view,
    ...(history === undefined ? {} : { history }),
  };
};

const historyOf = async ({ deployment, access }: ScheduleDesk, { schedule, zone }: Schedule) => {
  const { auditTableName } = deployment;
  const firings = await readNewestFirings(auditTableName, access, schedule, HISTORY_SHOWN);
  return firings.map((firing) => lastFiring(firing, zone));
};

const viewOf = async (
  { deployment, access, meta, nowMs }: ScheduleDesk,
  home: Home,
  schedule: Schedule,
  count: number,
): Promise<ScheduleView & { readonly refused?: string }> => {
  const [last] = await readNewestFirings(deployment.auditTableName, access, schedule.schedule, 1);
  const refused = whyNotUnattended(schedule, home);
  return {
    ...scheduleView(schedule, meta, nowMs, count, last),
    ...(refused === undefined ? {} : { refused }),
  };
};
