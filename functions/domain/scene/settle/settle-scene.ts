import type { DeviceId } from "#domain/home/device.ts";
import type { Scene, Stage } from "#domain/home/scene.ts";
import type { ReportedState, WantedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { asksForSun, type Condition, devicesOf } from "#domain/scene/condition.ts";
import { type ParameterValue, parameterValues } from "#domain/scene/parameter.ts";
import { type Facts, isMet, sayUnmet } from "./is-met.ts";

/** A scene of which nothing is open any more: what is left of it, and what its conditions left out. */
export interface SettledScene {
  readonly scene: Scene;
  readonly skipped: readonly Skipped[];
  /** The parameters that were given, each value as a text; none of those that took their default. */
  readonly given: Readonly<Record<string, string>>;
}

/** A device that a condition left out. */
export interface Skipped {
  readonly device: DeviceId;
  readonly stage: string;
  /** e.g. `hall_window is open`. */
  readonly because: string;
}

/**
 * Fills in the parameters, and leaves out what its conditions do not let happen: a stage whose condition is not met,
 * and a device whose own is not. Of what nobody knows, no condition is met.
 * @throws HomeError `ParameterInvalid`, naming the parameter and what it may be
 */
export const settleScene = (
  scene: Scene,
  given: Readonly<Record<string, unknown>>,
  facts: Facts,
): SettledScene => {
  const values = parameterValues(
    scene.parameters ?? {},
    given,
    (what) =>
      new HomeError("ParameterInvalid", `Scene "${scene.id}": ${what} Nothing was changed.`),
  );
  const settled = scene.stages.map((stage) => settleStage(stage, values, facts));
  const { parameters: _, ...rest } = scene;
  return {
    scene: {
      ...rest,
      stages: settled
        .map(({ stage }) => stage)
        .filter(({ devices }) => Object.keys(devices).length > 0),
    },
    skipped: settled.flatMap(({ skipped }) => skipped),
    given: Object.fromEntries(
      Object.entries(values)
        .filter(([name]) => Object.hasOwn(given, name))
        .map(([name, value]) => [name, String(value)]),
    ),
  };
};

/** The devices whose reports the conditions of a scene are about, each once. */
export const devicesAsked = (scene: Scene): readonly DeviceId[] => [
  ...new Set(conditionsOf(scene).flatMap(devicesOf)),
];

/** Does a condition of a scene ask where the sun is? */
export const isSunAsked = (scene: Scene): boolean => conditionsOf(scene).some(asksForSun);

const conditionsOf = ({ stages }: Scene): readonly Condition[] =>
  stages
    .flatMap(({ when, deviceWhen = {} }) => [when, ...Object.values(deviceWhen)])
    .filter((condition) => condition !== undefined);

const settleStage = (
  { when, deviceWhen = {}, fromParameters = {}, ...stage }: Stage,
  values: Readonly<Record<string, ParameterValue>>,
  facts: Facts,
): { readonly stage: Stage; readonly skipped: readonly Skipped[] } => {
  const skipped = Object.keys(stage.devices).flatMap((device): readonly Skipped[] => {
    const unmet = [when, deviceWhen[device]].find(
      (condition) => condition !== undefined && isMet(condition, facts) !== true,
    );
    if (unmet === undefined) return [];
    return [{ device, stage: stage.name, because: sayUnmet(unmet, facts) }];
  });
  const isLeft = (id: DeviceId): boolean => !skipped.some(({ device }) => device === id);
  const wanted = Object.entries(stage.devices)
    .filter(([id]) => isLeft(id))
    .map(([id, want]) => [id, filled(want, fromParameters[id] ?? {}, values)] as const);
  return {
    stage: {
      ...stage,
      devices: Object.fromEntries(wanted),
      required: stage.required.filter(isLeft),
      windowSeconds: Object.fromEntries(
        Object.entries(stage.windowSeconds).filter(([id]) => isLeft(id)),
      ),
    },
    skipped,
  };
};

const filled = (
  want: WantedState,
  from: Readonly<Record<string, string>>,
  values: Readonly<Record<string, ParameterValue>>,
): WantedState => {
  const taken = Object.fromEntries(
    Object.entries(from).map(([field, parameter]) => [field, values[parameter]]),
  );
  const filledIn: ReportedState = Object.fromEntries(
    Object.entries(want).map(([kind, fields]: [string, object]) => [kind, { ...fields, ...taken }]),
  );
  // That every value in a parameter's range makes a state was checked when the scene was saved.
  return filledIn as unknown as WantedState;
};
