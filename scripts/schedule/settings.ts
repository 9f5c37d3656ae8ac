import { parseArgs } from "node:util";
import { COVER_CLASSES, coverClassNamed, type Device } from "#domain/home/device.ts";
import type { Home } from "#domain/home/home.ts";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import { resolveName } from "#domain/home/names.ts";
import { shown } from "#domain/printable.ts";
import { parseWhen } from "#domain/schedule/times/parse-when.ts";
import { print } from "../command/print.ts";
import { Problem } from "../command/problem.ts";
import { readHomeRecords } from "../devices/home-records.ts";
import {
  parseSettings,
  putCoverClass,
  putSceneSchedules,
  putSettings,
} from "../homes/home-settings.ts";
import { planAgain } from "./plan-again.ts";
import { type HomeOfStack, SCHEDULE_OPTIONS, withHome } from "./schedule-options.ts";
import { storedSchedules } from "./stored-schedules.ts";
import type { Subcommand } from "./subcommand.ts";

const USAGE = `npm run schedule -- settings    what a home's schedules go by: where it is, its holidays, its covers, its scenes

  --position LAT,LON    where it is, for sunrise and sunset, e.g. 52.52,13.405 (south or west: --position=-33.86,151.21)
  --holidays FILE       its public holidays by year, {"2026": ["2026-12-25"]}, in the place of what it had
  --cover DEVICE=CLASS  what a cover covers (may be repeated): ${COVER_CLASSES.join(", ")}
  --only-people SCENE   a scene that never runs by itself (may be repeated)
  --by-itself SCENE     a scene that may again (may be repeated)
  --home HOME           the home (default home)     --json  the settings as JSON`;

/** Shows or changes what a home's schedules go by. */
export const settings: Subcommand = {
  name: "settings",
  usage: USAGE,
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...SCHEDULE_OPTIONS,
        position: { type: "string" },
        holidays: { type: "string" },
        cover: { type: "string", multiple: true, default: [] },
        "only-people": { type: "string", multiple: true, default: [] },
        "by-itself": { type: "string", multiple: true, default: [] },
      },
    });
    if (values.help) {
      print(USAGE);
      return 0;
    }
    const given = parseSettings(values);
    return withHome(values, async (where) => {
      const { registry, home, meta } = where;
      // All is read before anything is written.
      const records = await readHomeRecords(registry, home);
      const covers = values.cover.map((text) => parseCover(text, records));
      const scenes = [
        ...values["only-people"].map((name) => ({ id: sceneNamed(name, records), may: false })),
        ...values["by-itself"].map((name) => ({ id: sceneNamed(name, records), may: true })),
      ];
      if (Object.keys(given).length > 0) await putSettings(registry, home, given);
      for (const { id, deviceClass } of covers) {
        await putCoverClass(registry, home, id, deviceClass);
      }
      for (const { id, may } of scenes) await putSceneSchedules(registry, home, id, may);
      const followed = given.position === undefined ? undefined : await followTheSun(where);
      const now = {
        meta: { ...meta, ...given },
        home: await readHomeRecords(registry, home),
      };
      for (const line of values.json ? [settingsJson(now)] : settingsLines(now)) print(line);
      if (followed !== undefined && !values.json) print(followed);
      return 0;
    });
  },
};

const parseCover = (text: string, home: Home) => {
  const [name = "", word, ...more] = text.split("=");
  const deviceClass = coverClassNamed(word);
  if (deviceClass === undefined || more.length > 0) {
    throw new Problem(
      `--cover must be DEVICE=CLASS, such as bedroom_blinds=blind, not ${shown(text)}; classes: ${COVER_CLASSES.join(", ")}. Nothing was changed.`,
    );
  }
  const { id, kind } = resolveName(name, home.devices, {
    noun: "device",
    unknown: "DeviceUnknown",
    next: "Give one of these to --cover.",
  });
  if (kind !== "cover") {
    throw new Problem(`${id} is a ${kind} and no cover. Nothing was changed.`);
  }
  return { id, deviceClass };
};

const sceneNamed = (name: string, home: Home): string =>
  resolveName(name, home.scenes, {
    noun: "scene",
    unknown: "SceneUnknown",
    next: "Give one of these.",
  }).id;

// What was placed for the old place's sun is of an older version from now on, and is skipped when it comes.
const followTheSun = async ({ registry, home }: HomeOfStack): Promise<string | undefined> => {
  const bySun = (await storedSchedules(registry, home)).filter(
    ({ when, standing }) => standing !== "to_remove" && parseWhen(when).form === "sun",
  );
  return bySun.length === 0 ? undefined : planAgain(registry, home, bySun);
};

interface Now {
  readonly meta: HomeMeta;
  readonly home: Home;
}

const coversOf = ({ home }: Now): readonly Device[] =>
  home.devices.filter(({ kind }) => kind === "cover");

const settingsJson = (now: Now): string => {
  const { position, holidays = {}, timeZone } = now.meta;
  return JSON.stringify({
    home: now.meta.home,
    timeZone,
    ...(position === undefined ? {} : { position }),
    holidays,
    covers: Object.fromEntries(
      coversOf(now).map(({ id, deviceClass = null }) => [id, deviceClass]),
    ),
    onlyPeople: now.home.scenes.filter(({ schedules }) => schedules === false).map(({ id }) => id),
  });
};

const settingsLines = (now: Now): readonly string[] => {
  const { position, holidays = {}, timeZone, home } = now.meta;
  const kept = now.home.scenes.filter(({ schedules }) => schedules === false);
  return [
    `${home}: time zone ${timeZone}`,
    position === undefined
      ? "  position   not told: nothing can go by the sun (--position LAT,LON)"
      : `  position   ${position.latitude}, ${position.longitude}`,
    Object.keys(holidays).length === 0
      ? "  holidays   not told: nothing can leave them out (--holidays FILE)"
      : `  holidays   ${Object.entries(holidays)
          .map(([year, days]) => `${year}: ${days.length}`)
          .join(", ")}`,
    ...coversOf(now).map(
      ({ id, deviceClass }) =>
        `  cover      ${id}: ${deviceClass ?? `nobody said what it is, so nothing but a person opens it (--cover ${id}=blind)`}`,
    ),
    ...kept.map(({ id }) => `  scene      ${id}: for people only`),
  ];
};
