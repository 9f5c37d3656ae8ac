import {
  LONGEST_WHEN,
  type MissedPolicy,
  MOST_MISSED_MINUTES,
  MOST_SPREAD_MINUTES,
} from "#domain/schedule/schedule.ts";
import type { ScheduleRules } from "#domain/schedule/schedule-rules.ts";
import { EXCEPT, SCENE } from "./scene-arguments.ts";
import type { Tool } from "./tool.ts";
import type { ToolArguments } from "./tool-arguments.ts";

/** What is done, to a schedule that is named. */
export type ScheduleAction =
  | { readonly action: "list"; readonly schedule?: string }
  | ({
      readonly action: "create";
      readonly schedule: string;
      readonly scene: string;
      readonly when: string;
    } & ScheduleRules)
  | ({
      readonly action: "change";
      readonly schedule: string;
      readonly scene?: string;
      readonly when?: string;
    } & ScheduleRules)
  | { readonly action: "pause"; readonly schedule: string; readonly until?: string }
  | { readonly action: "resume" | "remove"; readonly schedule: string };

/** A call of schedule_scene. */
export type ScheduleSceneCall = { readonly tool: "schedule_scene" } & ScheduleAction;

const RULES = ["zone", "except", "gap", "missed", "spread", "holidays"];

/** Which arguments an action takes beside itself and `home`. */
const TAKEN: Readonly<Record<ScheduleAction["action"], readonly string[]>> = {
  create: ["schedule", "scene", "when", ...RULES],
  change: ["schedule", "scene", "when", ...RULES],
  pause: ["schedule", "until"],
  resume: ["schedule"],
  list: ["schedule"],
  remove: ["schedule"],
};

export const scheduleSceneTool: Tool<"schedule_scene", ScheduleSceneCall> = {
  name: "schedule_scene",
  scope: "write",
  description:
    'Lets a scene run by itself, in the home\'s time zone. "action" is create, change (only what is given), pause, resume, list (all, or one with its next firings) or remove. What unlocks, disarms or opens a way in can\'t be scheduled. Tell the user "say" and each of "notes". Example: {"action":"create","schedule":"Goodnight on weekdays","scene":"goodnight","when":"at 22:45 on mon..fri"}',
  properties: {
    action: {
      type: "string",
      description: "One of those words.",
    },
    schedule: { type: "string", description: "Its name or id; for create a new name." },
    scene: SCENE,
    when: {
      type: "string",
      description:
        '"at 07:15 daily", "at 22:45 on mon..fri", "at 09:00 on last day", "sunset -30m", "sunrise +1h on sat,sun", "at(2026-12-24T17:00:00)", cron(…), rate(…).',
      longest: LONGEST_WHEN,
    },
    zone: { type: "string", description: "IANA time zone, if not the home's." },
    except: EXCEPT,
    gap: {
      type: "string",
      description: 'A time that the spring night leaves out: "skip" (default) or "run_after".',
    },
    missed: {
      type: "string",
      description:
        'If it could not run in time: "skip" (default), or run once if late by at most e.g. "30m".',
    },
    spread: { type: "string", description: 'Come later by up to, e.g. "10m"; "0m" by default.' },
    holidays: {
      type: "string",
      description: '"run" (default), or "skip" on the home\'s holidays.',
    },
    until: {
      type: "string",
      description: "Pause until this day (2026-12-27) or moment; else until resume.",
    },
  },
  required: ["action"],
  annotations: {
    title: "Schedule a scene",
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: false,
  },
  parse: (given) => ({ tool: "schedule_scene", ...parseAction(given) }),
};

const parseAction = (given: ToolArguments): ScheduleAction => {
  const named = given.required("action");
  const action = ACTIONS.find((one) => one === named);
  if (action === undefined) throw given.wrong(`"action" must be one of ${ACTIONS.join(", ")}.`);
  const stranger = given.names.find(
    (name) => name !== "action" && name !== "home" && !TAKEN[action].includes(name),
  );
  if (stranger !== undefined) {
    throw given.wrong(`"${action}" takes no "${stranger}"; it takes ${TAKEN[action].join(", ")}.`);
  }
  const until = given.text("until");
  const scene = given.text("scene");
  const when = given.text("when");
  switch (action) {
    case "list": {
      const schedule = given.text("schedule");
      return { action, ...(schedule === undefined ? {} : { schedule }) };
    }
    case "create":
      return {
        action,
        schedule: given.required("schedule"),
        scene: given.required("scene"),
        when: given.required("when"),
        ...parseRules(given),
      };
    case "change": {
      const schedule = given.required("schedule");
      if (given.names.every((name) => ["action", "home", "schedule"].includes(name))) {
        throw given.wrong('say what is to change, e.g. {"when":"at 23:00 daily"}.');
      }
      return {
        action,
        schedule,
        ...(scene === undefined ? {} : { scene }),
        ...(when === undefined ? {} : { when }),
        ...parseRules(given),
      };
    }
    case "pause":
      return {
        action,
        schedule: given.required("schedule"),
        ...(until === undefined ? {} : { until }),
      };
    case "resume":
    case "remove":
      return { action, schedule: given.required("schedule") };
  }
};

const ACTIONS = ["create", "change", "pause", "resume", "list", "remove"] as const;

const parseRules = (given: ToolArguments): ScheduleRules => {
  const zone = given.text("zone");
  const gap = given.text("gap");
  const missed = given.text("missed");
  const spread = given.text("spread");
  const holidays = given.text("holidays");
  if (gap !== undefined && gap !== "skip" && gap !== "run_after") {
    throw given.wrong('"gap" must be "skip" or "run_after".');
  }
  if (holidays !== undefined && holidays !== "run" && holidays !== "skip") {
    throw given.wrong('"holidays" must be "run" or "skip".');
  }
  return {
    ...(zone === undefined ? {} : { zone }),
    ...(given.names.includes("except") ? { except: given.texts("except") } : {}),
    ...(gap === undefined ? {} : { gap }),
    ...(missed === undefined ? {} : { missed: parseMissed(missed, given) }),
    ...(spread === undefined ? {} : { spreadMinutes: parseSpread(spread, given) }),
    ...(holidays === undefined ? {} : { skipHolidays: holidays === "skip" }),
  };
};

const parseMissed = (text: string, given: ToolArguments): MissedPolicy => {
  if (text === "skip") return { policy: "skip" };
  const minutes = minutesOf(text.replace(/^run_once_if_within /, ""));
  if (minutes !== undefined && minutes >= 1 && minutes <= MOST_MISSED_MINUTES) {
    return { policy: "run_once_if_within", minutes };
  }
  throw given.wrong('"missed" must be "skip" or a time from "1m" to "24h", e.g. "30m".');
};

const parseSpread = (text: string, given: ToolArguments): number => {
  const minutes = minutesOf(text);
  if (minutes !== undefined && minutes <= MOST_SPREAD_MINUTES) return minutes;
  throw given.wrong('"spread" must be a time from "0m" to "60m", e.g. "10m".');
};

const minutesOf = (text: string): number | undefined => {
  const [, amount, unit] = /^(\d{1,4})(m|h)$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (unit === "h" ? 60 : 1);
};
