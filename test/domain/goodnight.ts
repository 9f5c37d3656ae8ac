import type { ReportedState } from "#domain/home/vocabulary.ts";
import type { Acknowledgement, SentStage } from "#domain/run/acknowledgement.ts";
import type { CommandStatus } from "#domain/run/command.ts";
import type { Plan, PlannedCommand } from "#domain/run/plan.ts";
import { AT_HOME } from "../support/at-home.ts";

/** A run id of the right form. */
export const RUN = "run_0123456789abcdefghjk";

/** When the commands of every stage went out: 2026-01-02T22:00:00.000Z. */
export const SENT_AT_MS = 1_767_391_200_000;

export const HALL_LAMP: PlannedCommand = {
  device: "hall_lamp",
  name: "Hall lamp",
  thing: "home-hall_lamp",
  kind: "light",
  want: { light: { on: false } },
  required: false,
  transitionSeconds: 0,
  windowSeconds: 2,
};

export const FRONT_DOOR: PlannedCommand = {
  device: "front_door",
  name: "Front door",
  thing: "home-front_door",
  kind: "lock",
  want: { lock: { locked: true } },
  required: true,
  transitionSeconds: 0,
  windowSeconds: 10,
};

export const ALARM: PlannedCommand = {
  device: "alarm",
  name: "Alarm",
  thing: "home-alarm",
  kind: "alarm",
  want: { alarm: { mode: "armed_night" } },
  required: false,
  transitionSeconds: 0,
  windowSeconds: 10,
};

/** Lights and lock first, the door required; the alarm only then. */
export const GOODNIGHT: Plan = {
  v: 1,
  home: AT_HOME.home,
  scene: "goodnight",
  sceneName: "Goodnight",
  sceneVersion: 3,
  stages: [
    { index: 0, name: "close and lock", commands: [FRONT_DOOR, HALL_LAMP] },
    { index: 1, name: "arm", commands: [ALARM] },
  ],
  leftOut: [],
};

/** What went out in a stage. */
export const sent = (index: number, notSent: SentStage["notSent"] = []): SentStage => ({
  index,
  sentAtMs: SENT_AT_MS,
  notSent,
});

/** What a device answered to a stage's command, `afterMs` after it was sent. */
export const answer = (
  thing: string,
  stage: number,
  after: ReportedState,
  more: {
    readonly afterMs?: number;
    readonly status?: CommandStatus;
    readonly reason?: string;
    readonly before?: ReportedState;
  } = {},
): Acknowledgement => ({
  thing,
  echo: {
    id: `run_0123456789abcdefghjk.${stage}`,
    status: more.status ?? "SUCCEEDED",
    reason: more.reason ?? null,
  },
  ...(more.before === undefined ? {} : { before: more.before }),
  after,
  acknowledgedAtMs: SENT_AT_MS + (more.afterMs ?? 500),
});

export const DOOR_LOCKED = answer(
  "home-front_door",
  0,
  { lock: { locked: true } },
  { before: { lock: { locked: false } } },
);
export const LAMP_OFF = answer(
  "home-hall_lamp",
  0,
  { light: { on: false } },
  { before: { light: { on: true } } },
);
export const ALARM_ARMED = answer(
  "home-alarm",
  1,
  { alarm: { mode: "armed_night" } },
  { before: { alarm: { mode: "disarmed" } } },
);
