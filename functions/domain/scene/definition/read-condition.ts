import { isName } from "#domain/home/is-name.ts";
import { isSensorKind, SENSORS } from "#domain/home/sensors.ts";
import { isDeviceKind, parseWantedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import {
  type Condition,
  isBounds,
  isTimeOfDay,
  MAX_CONDITION_DEPTH,
  MAX_CONDITIONS,
  type ReportedBounds,
} from "#domain/scene/condition.ts";
import { findDevices, type Place } from "./find-devices.ts";
import { type Path, problemAt, type SceneSource } from "./scene-source.ts";

const EXAMPLE =
  '{"device": "Hall window", "is": {"contact": {"open": false}}}, {"after": "22:00", "before": "06:00"}, {"sun": "down"}, {"mode": "away"}, or all, any and not of such';

/**
 * Understands a condition: its devices found, and what they must report something that they can report. A list is all
 * of its conditions.
 * @throws HomeError `ConditionInvalid`, `DeviceUnknown` or `NameAmbiguous`, with the place
 */
export const readCondition = (
  value: unknown,
  path: Path,
  source: SceneSource,
  home: Place,
  depth = 0,
): Condition => {
  const wrong = (what: string, at: Path = path): HomeError =>
    problemAt(source, "ConditionInvalid", at, what);
  if (depth > MAX_CONDITION_DEPTH) {
    throw wrong(`conditions are nested more than ${MAX_CONDITION_DEPTH} deep.`);
  }
  const list = (of: unknown, at: Path): readonly Condition[] => {
    if (!Array.isArray(of) || of.length === 0 || of.length > MAX_CONDITIONS) {
      throw wrong(`there must be 1 to ${MAX_CONDITIONS} conditions in a list.`, at);
    }
    return of.map((one: unknown, index) =>
      readCondition(one, [...at, index], source, home, depth + 1),
    );
  };
  if (Array.isArray(value)) return { all: list(value, path) };
  if (!isObject(value)) throw wrong(`a condition is ${EXAMPLE}; got ${shown(value)}.`);
  const { device, is, after, before, sun, mode } = value;
  switch (Object.keys(value).sort().join()) {
    case "all":
      return { all: list(value.all, [...path, "all"]) };
    case "any":
      return { any: list(value.any, [...path, "any"]) };
    case "not":
      return { not: readCondition(value.not, [...path, "not"], source, home, depth + 1) };
    case "device,is":
      return readReport(device, is, path, source, home);
    case "after":
    case "before":
    case "after,before": {
      const times = { after: after ?? "00:00", before: before ?? "00:00" };
      if (!isTimeOfDay(times.after)) throw wrong(NO_TIME, [...path, "after"]);
      if (!isTimeOfDay(times.before)) throw wrong(NO_TIME, [...path, "before"]);
      return { after: times.after, before: times.before };
    }
    case "sun":
      if (sun === "up" || sun === "down") return { sun };
      throw wrong("sun must be up or down.", [...path, "sun"]);
    case "mode": {
      const modes: readonly unknown[] = Array.isArray(mode) ? mode : [mode];
      if (modes.length > 0 && modes.every(isName)) return { mode: modes };
      throw wrong("mode must be a mode of the home, or a list of them.", [...path, "mode"]);
    }
    default:
      throw wrong(`a condition is ${EXAMPLE}; got ${shown(value)}.`);
  }
};

const NO_TIME = 'a time of day is a text such as "22:00".';

const readReport = (
  name: unknown,
  is: unknown,
  path: Path,
  source: SceneSource,
  home: Place,
): Condition => {
  const wrong = (what: string): HomeError =>
    problemAt(source, "ConditionInvalid", [...path, "is"], what);
  if (typeof name !== "string") {
    throw problemAt(source, "ConditionInvalid", [...path, "device"], "device must be a name.");
  }
  const [device, ...more] = placed(source, [...path, "device"], () => findDevices(name, home));
  if (device === undefined || more.length > 0) {
    throw problemAt(
      source,
      "ConditionInvalid",
      [...path, "device"],
      `"${name}" must mean one device.`,
    );
  }
  if (!isObject(is) || Object.keys(is).length === 0) {
    throw wrong('is must be an object such as {"contact": {"open": false}}.');
  }
  for (const [key, values] of Object.entries(is)) {
    if (!isObject(values) || Object.keys(values).length === 0) {
      throw wrong(`${shown(key)} must be an object with at least one value.`);
    }
    if (isSensorKind(key) && device.senses?.includes(key)) {
      const problem = problemWithReading(key, values);
      if (problem !== undefined) throw wrong(problem);
    } else if (isDeviceKind(key) && device.kind === key) {
      placed(source, [...path, "is"], () => {
        for (const plain of bordersOf(values)) {
          parseWantedState(key, { [key]: plain }, device.id, device);
        }
      });
    } else {
      const own = [...(device.kind === "sensor" ? [] : [device.kind]), ...(device.senses ?? [])];
      throw wrong(`${device.id} does not report ${shown(key)}; it reports ${own.join(", ")}.`);
    }
  }
  // Each value was read above.
  return { device: device.id, is: is as ReportedBounds };
};

const problemWithReading = (
  kind: keyof typeof SENSORS,
  values: Readonly<Record<string, unknown>>,
): string | undefined => {
  const { field, type } = SENSORS[kind];
  const [[name, value] = [], ...more] = Object.entries(values);
  if (name !== field || more.length > 0) return `"${kind}" has the one value ${field}.`;
  const fits = typeof value === type || (type === "number" && isBounds(value));
  return fits ? undefined : `${field} must be a ${type}; got ${shown(value)}.`;
};

/** The values with each bound in the place of the number that it bounds. */
const bordersOf = (
  values: Readonly<Record<string, unknown>>,
): readonly Readonly<Record<string, unknown>>[] =>
  Object.entries(values).flatMap(([name, value]) =>
    isBounds(value)
      ? Object.values(value).map((bound: unknown) => ({ [name]: bound }))
      : [{ [name]: value }],
  );

/** Does something of which an error gets the place of a definition. */
export const placed = <T>(source: SceneSource, path: Path, act: () => T): T => {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof HomeError) || error.at !== undefined) throw error;
    const { code, message, closest } = error;
    const problem = problemAt(source, code, path, message);
    throw new HomeError(code, problem.message, {
      closest,
      ...(problem.at === undefined ? {} : { at: problem.at }),
      cause: error,
    });
  }
};
