import { parseArgs } from "node:util";
import { rightsOf, roleNamed } from "#domain/access/membership.ts";
import { counted } from "#domain/counted.ts";
import { whyNotUnattended } from "#domain/schedule/may-run.ts";
import { scheduleView } from "#domain/schedule/schedule-view.ts";
import { DEFAULT_HOME } from "../command/default-home.ts";
import { print } from "../command/print.ts";
import { readHomeRecords } from "../devices/home-records.ts";
import { findMember } from "../homes/members.ts";
import { type DeadLetter, openDeadLetters } from "./dead-letters.ts";
import { deadLetterLine, refreshLine, scheduleLines } from "./lines.ts";
import { type HomeOfStack, SCHEDULE_OPTIONS, withHome } from "./schedule-options.ts";
import { lastSunRefresh, newestFirings, storedSchedules } from "./stored-schedules.ts";
import type { Subcommand } from "./subcommand.ts";

const USAGE = `npm run schedule -- list    a home's schedules: the next firings of each, what became of the last, what was missed,
                           skipped or refused; dead letters; and how old the plan by the sun is

  --home HOME  the home (default home)     --json  the same as JSON`;

const FIRINGS_COUNTED = 100;
const NEXT_SHOWN = 3;

/** Lists a home's schedules. */
export const list: Subcommand = {
  name: "list",
  usage: USAGE,
  run: async (args) => {
    const { values } = parseArgs({ args: [...args], options: SCHEDULE_OPTIONS });
    if (values.help) {
      print(USAGE);
      return 0;
    }
    return withHome(values, async (where) => {
      const { schedules, letters, refresh, mayRun } = await readAll(where);
      if (values.json) {
        const told = letters.map(({ from, call, why }) => ({ from, ...call, why }));
        print(
          JSON.stringify({
            schedules: schedules.map(({ view, firings }) => ({ ...view, firings })),
            deadLetters: told,
            ...(refresh === undefined ? {} : { sunRefresh: refresh }),
            machineMayRun: mayRun,
          }),
        );
        return 0;
      }
      const { home } = where;
      const inHome = home === DEFAULT_HOME ? "" : ` --home ${home}`;
      if (schedules.length === 0) {
        print(
          `${home} has no schedules. Make one: npm run schedule -- add "Goodnight" --scene goodnight --when "at 22:45 daily"${inHome}`,
        );
      }
      for (const { view, firings } of schedules) {
        for (const line of scheduleLines(view, firings)) print(line);
        print("");
      }
      if (!mayRun) {
        print(
          `Schedules run as the machine client, which may run nothing in ${home}: each firing is refused. Add it: npm run add-user -- --machine --role resident --home ${home}`,
        );
      }
      print(counted(letters.length, "dead letter") + (letters.length === 0 ? "." : ":"));
      const known = schedules.map(({ view }) => view.schedule);
      for (const letter of letters) print(deadLetterLine(letter, known, inHome));
      print(refreshLine(refresh, Date.now()));
      return 0;
    });
  },
};

const readAll = async ({ registry, home, meta }: HomeOfStack) => {
  const records = await readHomeRecords(registry, home);
  const nowMs = Date.now();
  const schedules = [];
  for (const schedule of await storedSchedules(registry, home)) {
    const firings = await newestFirings(registry, home, schedule.schedule, FIRINGS_COUNTED);
    const refused = whyNotUnattended(schedule, records);
    schedules.push({
      view: {
        ...scheduleView(schedule, meta, nowMs, NEXT_SHOWN, firings[0]),
        ...(refused === undefined ? {} : { refused }),
      },
      firings,
    });
  }
  const queues = openDeadLetters(registry);
  const letters = await queues.read().finally(() => queues.close());
  const machine = await findMember(registry, registry.machineClientId, home);
  const role = roleNamed(machine?.role);
  return {
    mayRun: role !== undefined && rightsOf(role).includes("write"),
    schedules,
    letters: letters.filter((letter) => isOf(letter, home)),
    refresh: await lastSunRefresh(registry),
  };
};

// What cannot be read may be anybody's, so everybody is shown it.
const isOf = ({ call }: DeadLetter, home: string): boolean =>
  call === undefined || call.home === home;
