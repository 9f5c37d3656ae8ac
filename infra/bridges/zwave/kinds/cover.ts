import { numbers, type Scale } from "#bridges/core/scale.ts";
import type { Members } from "../server/server-messages.ts";
import { MULTILEVEL_SWITCH, percentOf99 } from "./level.ts";
import { type EndpointValues, isOnItsWay, type Question, type Way, type Write } from "./way.ts";

// https://zwave-js.github.io/zwave-js/#/api/CCs/WindowCovering; 0 is closed and 99 open.
const WINDOW_COVERING = 106;
// Only the odd parameters know a position: outbound and inbound bottom, left, right, both, outbound and inbound top.
const POSITIONS = [13, 17, 1, 3, 5, 7, 9, 15, 19, 21];
// Vertical and horizontal slats.
const ANGLES = [11, 23];

// Slats are closed at both ends, and open in the middle.
const OPEN_ANGLE = 50;
const TILT: Scale = numbers({
  least: 0,
  most: 100,
  unit: "%",
  toDevice: (percent) => Math.round((percent * OPEN_ANGLE) / 100),
  toHome: (angle) =>
    Math.round(100 * (angle <= OPEN_ANGLE ? angle / OPEN_ANGLE : (99 - angle) / 49)),
  slack: 0,
  step: 2,
});

/** One moving part: how it is told and asked. */
interface Part {
  readonly field: "position" | "tilt";
  readonly scale: Scale;
  readonly question: Question;
  write(value: unknown): Write;
}

/** A blind, a curtain, an awning; undefined for what is none. `isMotor` says what a level means. */
export const coverWay = (values: EndpointValues, isMotor: boolean): Way | undefined => {
  const parts = partsOf(values, isMotor);
  if (parts.length === 0) return undefined;
  return {
    kind: "cover",
    fields: Object.fromEntries(parts.map(({ field, scale }) => [field, scale])),
    writes: (asked) =>
      parts.flatMap(({ field, write }) =>
        asked[field] === undefined ? [] : [write(asked[field])],
      ),
    questions: parts.map(({ question }) => question),
    understand: (answers) => ({
      values: Object.fromEntries(
        parts.flatMap(({ field }, i) => {
          const level = levelOf(answers[i]);
          return level === undefined ? [] : [[field, level] as const];
        }),
      ),
      isMoving: answers.some((answer) =>
        isOnItsWay(answer?.currentValue, answer?.targetValue, answer?.duration),
      ),
    }),
  };
};

const partsOf = (values: EndpointValues, isMotor: boolean): readonly Part[] => {
  const known = values.keys(WINDOW_COVERING, "targetValue").map(Number);
  const position = POSITIONS.find((one) => known.includes(one));
  const angle = ANGLES.find((one) => known.includes(one));
  const parts = [
    ...(position === undefined ? [] : [parameterPart("position", percentOf99(0), position)]),
    ...(angle === undefined ? [] : [parameterPart("tilt", TILT, angle)]),
  ];
  if (parts.length > 0) return parts;
  const hasLevel = isMotor && values.find(MULTILEVEL_SWITCH, "targetValue") !== undefined;
  return hasLevel
    ? [
        {
          field: "position",
          scale: percentOf99(0),
          question: { commandClass: MULTILEVEL_SWITCH, args: [], fields: ["position"] },
          write: (value) => ({
            commandClass: MULTILEVEL_SWITCH,
            property: "targetValue",
            value,
            canFade: false,
          }),
        },
      ]
    : [];
};

const parameterPart = (field: Part["field"], scale: Scale, parameter: number): Part => ({
  field,
  scale,
  question: { commandClass: WINDOW_COVERING, args: [parameter], fields: [field] },
  write: (value) => ({
    commandClass: WINDOW_COVERING,
    property: "targetValue",
    propertyKey: parameter,
    value,
    canFade: false,
  }),
});

const levelOf = (answer: Members | undefined): number | undefined => {
  const level = answer?.currentValue;
  return typeof level === "number" && level <= 99 ? level : undefined;
};
