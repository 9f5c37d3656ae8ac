import type { DeviceId } from "#domain/home/device.ts";
import { MAX_DEVICES_IN_SCENE, type Scene, type Stage } from "#domain/home/scene.ts";
import type { WantedState } from "#domain/home/vocabulary.ts";
import { canonicalJson, type Json } from "#domain/json.ts";
import type { Condition } from "#domain/scene/condition.ts";
import { isDefault } from "#domain/scene/scene-rules.ts";
import type { Definition, Named, StageDefinition, Wish } from "./definition.ts";
import { findDevices, type Place } from "./find-devices.ts";
import { placed, readCondition } from "./read-condition.ts";
import { type Reading, readWish, type WantedOfDevice } from "./read-wish.ts";
import { type Path, problemAt } from "./scene-source.ts";

/**
 * The scene that a definition means in a home: every name found, every state understood and whole, each device once.
 * Groups, rooms, floors and labels are taken as they are now; who joins them later joins the scene when it is saved again.
 * @throws HomeError `SceneInvalid`, `DeviceUnknown`, `NameAmbiguous`, `StateInvalid`, `ParameterInvalid` or
 * `ConditionInvalid`, each with the place in the definition
 */
export const compileScene = (definition: Definition, home: Place, version: number): Scene => {
  const { source, parameters, id, name, aliases, rules, schedules } = definition;
  const reading: Reading = { source, home, parameters };
  const whole = conditionOf(definition.when, reading);
  const seen = new Map<DeviceId, Path>();
  const used = new Set<string>();
  const stages = definition.stages.map((stage) => {
    const wanted = devicesOfStage(stage, reading);
    for (const { device, wish, from } of wanted) {
      const before = seen.get(device.id);
      if (before !== undefined) {
        const what = `${device.id} stands in two stages; a scene wants one state of each device.`;
        throw problemAt(source, "SceneInvalid", wish.path, what);
      }
      seen.set(device.id, wish.path);
      for (const parameter of Object.values(from)) used.add(parameter);
    }
    return compileStage(stage, wanted, whole, reading);
  });
  if (seen.size > MAX_DEVICES_IN_SCENE) {
    throw problemAt(
      source,
      "SceneInvalid",
      [],
      `it has ${seen.size} devices; at most ${MAX_DEVICES_IN_SCENE} are allowed.`,
    );
  }
  const unused = Object.keys(parameters).find((one) => !used.has(one));
  if (unused !== undefined) {
    throw problemAt(source, "ParameterInvalid", ["parameters", unused], `nothing takes ${unused}.`);
  }
  const ids = [...seen.keys()];
  const approval = namedAmong(definition.approval, ids, "the scene", reading);
  return {
    id,
    name,
    aliases,
    version,
    stages,
    ...(schedules === false ? { schedules } : {}),
    ...(isDefault(rules) ? {} : { rules }),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    ...(approval.length === 0 ? {} : { approval }),
  };
};

type Wanted = WantedOfDevice & { readonly wish: Wish };

// A device that is named by itself holds against a room that it is in; two wishes of one rank must not contradict.
const devicesOfStage = (stage: StageDefinition, reading: Reading): readonly Wanted[] => {
  const byDevice = new Map<DeviceId, Wanted & { readonly isOwn: boolean }>();
  for (const wish of stage.wishes) {
    const found = readWish(wish, reading);
    const isOwn = wish.isOfOne && found.length === 1;
    for (const one of found) {
      const other = byDevice.get(one.device.id);
      if (other !== undefined && other.isOwn !== isOwn) {
        if (isOwn) byDevice.set(one.device.id, { ...one, wish, isOwn });
        continue;
      }
      if (other !== undefined && !isSame(other.want, one.want)) {
        const what = `${one.device.id} is asked for two states: here, and in ${other.wish.path.join(".")}.`;
        throw problemAt(reading.source, "StateInvalid", wish.path, what);
      }
      if (other === undefined) byDevice.set(one.device.id, { ...one, wish, isOwn });
    }
  }
  return [...byDevice.values()];
};

const isSame = (one: WantedState, other: WantedState): boolean =>
  canonicalJson(one as unknown as Json) === canonicalJson(other as unknown as Json);

const compileStage = (
  stage: StageDefinition,
  wanted: readonly Wanted[],
  whole: Condition | undefined,
  reading: Reading,
): Stage => {
  const own = conditionOf(stage.when, reading);
  const when = whole !== undefined && own !== undefined ? { all: [whole, own] } : (own ?? whole);
  const ids = wanted.map(({ device }) => device.id);
  const required = new Set([
    ...namedAmong(stage.required, ids, "this stage", reading),
    ...wanted.filter(({ wish }) => wish.required === true).map(({ device }) => device.id),
  ]);
  const each = <T>(of: (one: Wanted) => T | undefined): Readonly<Record<DeviceId, T>> =>
    Object.fromEntries(
      wanted.flatMap((one) => {
        const value = of(one);
        return value === undefined ? [] : [[one.device.id, value] as const];
      }),
    );
  const fades = each(({ wish }) => wish.transitionSeconds);
  const conditions = each(({ wish }) => conditionOf(wish.when, reading));
  const from = each((one) => (Object.keys(one.from).length === 0 ? undefined : one.from));
  return {
    name: stage.name,
    devices: each(({ want }) => want),
    required: ids.filter((id) => required.has(id)),
    transitionSeconds: stage.transitionSeconds,
    windowSeconds: each(({ wish }) => wish.windowSeconds),
    ...(isEmpty(fades) ? {} : { fadeSeconds: fades }),
    ...(when === undefined ? {} : { when }),
    ...(isEmpty(conditions) ? {} : { deviceWhen: conditions }),
    ...(isEmpty(from) ? {} : { fromParameters: from }),
  };
};

const isEmpty = (record: object): boolean => Object.keys(record).length === 0;

const conditionOf = (
  condition: { readonly value: unknown; readonly path: Path } | undefined,
  { source, home }: Reading,
): Condition | undefined =>
  condition === undefined
    ? undefined
    : readCondition(condition.value, condition.path, source, home);

const namedAmong = (
  names: true | readonly Named[],
  among: readonly DeviceId[],
  where: string,
  { source, home }: Reading,
): readonly DeviceId[] => {
  if (names === true) return among;
  const meant = names.flatMap(({ name, path }) => {
    const found = placed(source, path, () => findDevices(name, home)).map(({ id }) => id);
    const stranger = found.find((id) => !among.includes(id));
    if (stranger === undefined) return found;
    throw problemAt(source, "SceneInvalid", path, `${stranger} is no device of ${where}.`);
  });
  return among.filter((id) => meant.includes(id));
};
