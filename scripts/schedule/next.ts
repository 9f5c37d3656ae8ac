import { parseArgs } from "node:util";
import { firingsAfter } from "#domain/schedule/schedule-view.ts";
import { print } from "../command/print.ts";
import { Problem } from "../command/problem.ts";
import { SCHEDULE_OPTIONS, withHome } from "./schedule-options.ts";
import { storedSchedules } from "./stored-schedules.ts";
import type { Subcommand } from "./subcommand.ts";

const USAGE = `npm run schedule -- next    the next firings of all schedules of a home, in the order of their times

  --count N    how many (default 10)
  --home HOME  the home (default home)     --json  the same as JSON`;

const MOST = 1000;

/** Tells what comes next in a home. */
export const next: Subcommand = {
  name: "next",
  usage: USAGE,
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: { ...SCHEDULE_OPTIONS, count: { type: "string", default: "10" } },
    });
    if (values.help) {
      print(USAGE);
      return 0;
    }
    const count = parseCount(values.count);
    return withHome(values, async ({ registry, home, meta }) => {
      const nowMs = Date.now();
      const schedules = await storedSchedules(registry, home);
      const coming = schedules
        .filter(({ standing }) => standing !== "to_remove")
        .flatMap((schedule) =>
          firingsAfter(schedule, meta, nowMs, count).firings.map(({ at, local }) => ({
            at: new Date(at).toISOString(),
            local,
            schedule: schedule.schedule,
            scene: schedule.scene,
          })),
        )
        .toSorted((one, other) => (one.at < other.at ? -1 : 1))
        .slice(0, count);
      if (values.json) print(JSON.stringify(coming));
      else if (coming.length === 0) print(`Nothing of ${home} is going to run by itself.`);
      else for (const one of coming) print(`${one.local}  ${one.schedule}  (${one.scene})`);
      return 0;
    });
  },
};

const parseCount = (text: string): number => {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST) return count;
  throw new Problem(`--count must be 1 to ${MOST}, not "${text}".`);
};
