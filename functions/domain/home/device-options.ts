import type { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import { isName } from "./is-name.ts";
import { isSensorKind, SENSOR_KINDS, type SensorKind } from "./sensors.ts";
import { CAPABILITIES, type Choices, type DeviceKind, type Steps } from "./vocabulary.ts";

/** What a device has beside its kind; of `choices`, what is not here cannot be asked for. */
export interface DeviceOptions extends Choices {
  /** What it senses, a lamp's battery too. */
  readonly senses?: readonly SensorKind[];
  /** Words that people put on devices of several rooms, to name them together. */
  readonly labels?: readonly string[];
  /** By field, the steps in which the device can be set, where they are coarser than its kind's. */
  readonly step?: Steps;
}

type Kind = DeviceKind | "sensor";
type Wrong = (what: string) => HomeError;

const MOST_NAMES = 100;

/**
 * Reads what a device has beside its kind: what it senses, its labels, its own effects and inputs, its steps.
 * @throws what `wrong` makes, naming the member
 */
export const parseDeviceOptions = (
  kind: Kind,
  record: Readonly<Record<string, unknown>>,
  wrong: Wrong,
): DeviceOptions => {
  const { senses, labels, effects, sources, step } = record;
  const isSensing = Array.isArray(senses) && senses.length > 0 && senses.every(isSensorKind);
  if (senses !== undefined && !isSensing) {
    throw wrong(`senses must be a list of ${SENSOR_KINDS.join(", ")}; got ${shown(senses)}.`);
  }
  if (kind === "sensor" && !isSensing) {
    throw wrong(`a sensor has senses, a list of ${SENSOR_KINDS.join(", ")}.`);
  }
  if (effects !== undefined && kind !== "light") throw wrong("effects are of lights.");
  if (sources !== undefined && kind !== "media") throw wrong("sources are of what plays.");
  const own = { labels, effects, sources };
  for (const [member, value] of Object.entries(own)) {
    if (value !== undefined && !isListOfNames(value)) {
      throw wrong(
        `${member} must be a list of up to ${MOST_NAMES} texts of 1 to 64 characters, each once.`,
      );
    }
  }
  if (step !== undefined) refuseWrongStep(kind, step, wrong);
  return {
    ...(isSensing ? { senses } : {}),
    ...(isListOfNames(labels) ? { labels } : {}),
    ...(isListOfNames(effects) ? { effects } : {}),
    ...(isListOfNames(sources) ? { sources } : {}),
    ...(step === undefined ? {} : { step: step as Steps }),
  };
};

const isListOfNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= MOST_NAMES &&
  new Set(value).size === value.length &&
  value.every(isName);

// A step as wide as the range would let any answer pass for any wish.
const LARGEST_SHARE = 0.5;

const refuseWrongStep = (kind: Kind, step: unknown, wrong: Wrong): void => {
  const fields = kind === "sensor" ? {} : CAPABILITIES[kind].fields;
  if (!isObject(step) || Object.keys(step).length === 0) {
    throw wrong('step must give numbers by field, such as {"targetC":0.5}.');
  }
  for (const [name, value] of Object.entries(step)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field?.type !== "number") throw wrong(`step: ${shown(name)} is no number of a ${kind}.`);
    const most = (field.max - field.min) * LARGEST_SHARE;
    if (typeof value !== "number" || !(value > 0 && value <= most)) {
      throw wrong(`step: ${name} must be a number above 0 and up to ${most}.`);
    }
  }
};
