import { FORMAT, requireFormat } from "#domain/format.ts";
import { type HomeId, isHomeId } from "#domain/home/home-id.ts";
import {
  isDeviceKind,
  parseWantedState,
  type Steps,
  type WantedState,
} from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import { parseSceneRules } from "#domain/scene/scene-rules.ts";
import {
  type Plan,
  type PlannedCommand,
  type PlannedStage,
  planText,
  type SkippedDevice,
} from "./plan.ts";

type Wrong = (what: string, cause?: unknown) => HomeError;
type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a plan's text exactly: `planText` of what comes out is the text that went in, and has its hash.
 * @param record whose plan it is, for messages
 * @throws HomeError `FormatUnknown`; `RecordInvalid`, naming the member
 */
export const parsePlan = (text: string, record: string): Plan => {
  const wrong: Wrong = (what, cause) =>
    new HomeError("RecordInvalid", `${record}: its plan ${what}`, { cause });
  const plan = asObject(parseJson(text, wrong), "", wrong);
  requireFormat(plan, `${record}: its plan`);
  refuseStrangers(plan, "", PLAN_MEMBERS, wrong);
  const parsed: Plan = {
    v: FORMAT,
    home: homeOfPlan(plan.home, wrong),
    scene: textOf(plan, "scene", "", wrong),
    sceneName: textOf(plan, "sceneName", "", wrong),
    sceneVersion: wholeOf(plan, "sceneVersion", "", wrong),
    stages: listOf(plan, "stages", "", wrong).map((stage, index) =>
      parseStage(stage, `stages[${index}]`, wrong),
    ),
    leftOut: listOf(plan, "leftOut", "", wrong).map((id, index) => {
      if (typeof id !== "string") throw wrong(`has no text in leftOut[${index}].`);
      return id;
    }),
    ...(plan.parameters === undefined ? {} : { parameters: parametersOf(plan, wrong) }),
    ...(plan.skipped === undefined ? {} : { skipped: skippedOf(plan, wrong) }),
    ...(plan.rules === undefined
      ? {}
      : { rules: parseSceneRules(plan.rules, (what) => wrong(`has other rules: ${what}`)) }),
    ...(plan.undoes === undefined ? {} : { undoes: textOf(plan, "undoes", "", wrong) }),
  };
  // A member that stands there twice, or spaces.
  if (planText(parsed) !== text) throw wrong("is not written as a plan is.");
  return parsed;
};

const PLAN_MEMBERS = [
  "v",
  "home",
  "scene",
  "sceneName",
  "sceneVersion",
  "stages",
  "leftOut",
  "parameters",
  "skipped",
  "rules",
  "undoes",
];
const STAGE_MEMBERS = ["index", "name", "commands"];
const COMMAND_MEMBERS = [
  "device",
  "name",
  "thing",
  "kind",
  "want",
  "required",
  "transitionSeconds",
  "windowSeconds",
  "tries",
  "step",
];

const skippedOf = (plan: Members, wrong: Wrong): readonly SkippedDevice[] =>
  listOf(plan, "skipped", "", wrong).map((value, index) => {
    const at = `skipped[${index}]`;
    const one = asObject(value, at, wrong);
    refuseStrangers(one, at, ["device", "because"], wrong);
    return { device: textOf(one, "device", at, wrong), because: textOf(one, "because", at, wrong) };
  });

const parametersOf = (plan: Members, wrong: Wrong): Readonly<Record<string, string>> => {
  const parameters = asObject(plan.parameters, "parameters", wrong);
  return Object.fromEntries(
    Object.keys(parameters).map((name) => [name, textOf(parameters, name, "parameters", wrong)]),
  );
};

const homeOfPlan = (value: unknown, wrong: Wrong): HomeId => {
  if (isHomeId(value)) return value;
  throw wrong("has no home's id in home.");
};

const parseStage = (value: unknown, at: string, wrong: Wrong): PlannedStage => {
  const stage = asObject(value, at, wrong);
  refuseStrangers(stage, at, STAGE_MEMBERS, wrong);
  return {
    index: wholeOf(stage, "index", at, wrong),
    name: textOf(stage, "name", at, wrong),
    commands: listOf(stage, "commands", at, wrong).map((command, index) =>
      parsePlannedCommand(command, `${at}.commands[${index}]`, wrong),
    ),
  };
};

const parsePlannedCommand = (value: unknown, at: string, wrong: Wrong): PlannedCommand => {
  const command = asObject(value, at, wrong);
  refuseStrangers(command, at, COMMAND_MEMBERS, wrong);
  const { kind, required } = command;
  if (!isDeviceKind(kind)) throw wrong(`has no kind of device in ${at}.kind.`);
  if (typeof required !== "boolean") throw wrong(`has neither true nor false in ${at}.required.`);
  return {
    device: textOf(command, "device", at, wrong),
    name: textOf(command, "name", at, wrong),
    thing: textOf(command, "thing", at, wrong),
    kind,
    want: parseWant(kind, command.want, at, wrong),
    required,
    transitionSeconds: secondsOf(command, "transitionSeconds", at, wrong),
    windowSeconds: secondsOf(command, "windowSeconds", at, wrong),
    ...(command.tries === undefined ? {} : { tries: wholeOf(command, "tries", at, wrong) }),
    ...(command.step === undefined ? {} : { step: stepsOf(command.step, at, wrong) }),
  };
};

const stepsOf = (value: unknown, at: string, wrong: Wrong): Steps => {
  const steps = asObject(value, `${at}.step`, wrong);
  const isSteps = Object.values(steps).every((step) => typeof step === "number" && step > 0);
  if (isSteps) return steps as Steps;
  throw wrong(`has no steps in ${at}.step.`);
};

const parseWant = (
  kind: PlannedCommand["kind"],
  want: unknown,
  at: string,
  wrong: Wrong,
): WantedState => {
  try {
    return parseWantedState(kind, want, at);
  } catch (cause) {
    if (!(cause instanceof HomeError)) throw cause;
    throw wrong(`has no wanted state of a ${kind} in ${at}.want.`, cause);
  }
};

const parseJson = (text: string, wrong: Wrong): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw wrong("is not JSON.", cause);
  }
};

const asObject = (value: unknown, at: string, wrong: Wrong): Members => {
  if (isObject(value)) return value;
  throw wrong(at === "" ? "is no object." : `has no object in ${at}.`);
};

// A member that is not read would be missing from the plan's text, and the text would have another hash.
const refuseStrangers = (
  members: Members,
  at: string,
  known: readonly string[],
  wrong: Wrong,
): void => {
  const stranger = Object.keys(members).find((member) => !known.includes(member));
  if (stranger === undefined) return;
  throw wrong(`has an unknown member ${shown(stranger)}${at === "" ? "" : ` in ${at}`}.`);
};

const path = (at: string, member: string): string => (at === "" ? member : `${at}.${member}`);

const textOf = (members: Members, member: string, at: string, wrong: Wrong): string => {
  const value = members[member];
  if (typeof value === "string") return value;
  throw wrong(`has no text in ${path(at, member)}.`);
};

const wholeOf = (members: Members, member: string, at: string, wrong: Wrong): number => {
  const value = members[member];
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw wrong(`has no whole number in ${path(at, member)}.`);
};

const secondsOf = (members: Members, member: string, at: string, wrong: Wrong): number => {
  const value = members[member];
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw wrong(`has no number of seconds in ${path(at, member)}.`);
};

const listOf = (members: Members, member: string, at: string, wrong: Wrong): readonly unknown[] => {
  const value = members[member];
  if (Array.isArray(value)) return value;
  throw wrong(`has no list in ${path(at, member)}.`);
};
