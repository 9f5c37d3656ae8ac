import type { Capabilities, Evidence } from "#bridges/core/bridge.ts";
import type { Value } from "#domain/home/kinds/capability.ts";
import type { DeviceKind } from "#domain/home/vocabulary.ts";
import { xyOf } from "./color.ts";
import { fieldsOf, KIND_OF_EXPOSE } from "./exposes.ts";
import type { Expose, HubDevice } from "./hub-device.ts";
import type { Part, ZigbeeField } from "./part.ts";
import { sensesOf } from "./senses.ts";
import { PLAIN_HUE } from "./standard-attributes.ts";

/** Fields without which a device of the kind is none; the others may be left out. */
const CHIEF: Partial<Record<DeviceKind, string>> = {
  light: "on",
  plug: "on",
  lock: "locked",
  cover: "position",
  climate: "targetC",
  fan: "on",
};

/** The devices of the home that a device is: one for each of its endpoints where it has several of a kind, and none where the home has no word for it. */
export const partsOf = (device: HubDevice, hasReports: boolean): readonly Part[] => {
  const senses = sensesOf(device.exposes);
  const wholes = device.exposes.flatMap((expose) => {
    const kind = KIND_OF_EXPOSE[expose.type];
    return kind === undefined ? [] : [{ kind, expose }];
  });
  // A fan's lamp is beside its fan; of a lamp that also counts as a switch, the first is meant.
  const commandable = wholes.flatMap(({ kind, expose }, at): readonly Part[] => {
    const suffix = suffixOf(expose) ?? (at === 0 ? undefined : kind);
    const fields = fieldsOf(device, expose);
    const chief = fields.find(({ field }) => field === CHIEF[kind]);
    if (chief === undefined) return [];
    return [
      makePart(
        device,
        kind,
        fields,
        wholes.length > 1 ? suffix : undefined,
        hasReports,
        at === 0 ? senses : [],
      ),
    ];
  });
  if (commandable.length > 0) return commandable;
  return senses.length === 0 || senses.every(({ kind }) => kind === "battery")
    ? []
    : [makePart(device, "sensor", [], undefined, hasReports, senses)];
};

/** Could it be asked for more, or be verified at all, if what is published of it were its own reports? */
export const isHeldBackByWishes = (device: HubDevice): boolean => {
  const hopeful = partsOf(device, false);
  return partsOf(device, true).some(
    ({ capabilities: { evidence }, fields }, at) =>
      evidence !== hopeful[at]?.capabilities.evidence ||
      fields.length !== hopeful[at]?.fields.length,
  );
};

const suffixOf = ({ features }: Expose): string | undefined =>
  features.find(({ endpoint }) => endpoint !== undefined)?.endpoint;

const makePart = (
  device: HubDevice,
  kind: DeviceKind | "sensor",
  all: readonly ZigbeeField[],
  suffix: string | undefined,
  hasReports: boolean,
  senses: Part["senses"],
): Part => {
  const chief = kind === "sensor" ? undefined : all.find(({ field }) => field === CHIEF[kind]);
  const evidence = evidenceOf(chief, hasReports);
  // A field that cannot be asked for beside one that can would make every answer a guess.
  const fields = evidence === "read" ? all.filter((field) => isAskable(field, hasReports)) : all;
  const capabilities: Capabilities = {
    kind,
    fields: Object.fromEntries(fields.map(({ field, scale }) => [field, scale])),
    senses: senses.map((sense) => sense.kind),
    isSleepy: device.isSleepy,
    evidence,
  };
  return {
    address: suffix === undefined ? device.ieee : `${device.ieee}/${suffix}`,
    ieee: device.ieee,
    ...(suffix === undefined ? {} : { suffix }),
    kind,
    fields,
    senses,
    capabilities,
    payload: (asked, transitionSeconds) => payloadOf(kind, fields, asked, transitionSeconds),
  };
};

/** Where wishes are published too, any frame of the device has Zigbee2MQTT publish them again: no answer to a `/get`. */
const isAskable = ({ read, canGet }: ZigbeeField, hasReports: boolean): boolean =>
  read !== undefined || (canGet && hasReports);

const evidenceOf = (chief: ZigbeeField | undefined, hasReports: boolean): Evidence => {
  if (chief === undefined) return "report";
  if (isAskable(chief, hasReports)) return "read";
  return hasReports ? "report" : "none";
};

const payloadOf = (
  kind: Part["kind"],
  fields: readonly ZigbeeField[],
  asked: Readonly<Record<string, Value>>,
  transitionSeconds: number,
): object => {
  const payload: Record<string, unknown> = {};
  const told = toldOf(kind, asked);
  for (const { field, property, scale } of fields) {
    const value = told[field];
    if (value === undefined || field === "hue" || field === "saturation") continue;
    payload[property] = scale.toDevice(value);
  }
  const { hue, saturation = 100 } = asked;
  const color = fields.find(({ field }) => field === "hue");
  if (color !== undefined && typeof hue === "number" && typeof saturation === "number") {
    payload[color.property] =
      color.read?.standard === PLAIN_HUE ? { hue, saturation } : rounded(xyOf(hue, saturation));
  }
  return kind === "light" && transitionSeconds > 0
    ? { ...payload, transition: transitionSeconds }
    : payload;
};

/** A fan's mode is both whether it runs and how fast: with a speed, only the speed is told. */
const toldOf = (
  kind: Part["kind"],
  { on, ...others }: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> =>
  on === undefined || (kind === "fan" && others.speed !== undefined) ? others : { on, ...others };

const rounded = ({ x, y }: { readonly x: number; readonly y: number }) => ({
  x: Math.round(x * 10_000) / 10_000,
  y: Math.round(y * 10_000) / 10_000,
});
