import type { Device } from "#domain/home/device.ts";
import { describeReading } from "#domain/home/sensors.ts";
import { CAPABILITIES, isDeviceKind, type ReportedState } from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";
import { isPrintable } from "#domain/printable.ts";
import type { ShadowView } from "#domain/run/outcome.ts";
import { rivalOf } from "#domain/run/plan-preview.ts";
import { type Conditions, conditionsOf } from "./condition-of.ts";

/** A value that a device reported, and how long ago. */
export interface ValueNow {
  readonly is: boolean | number | string;
  /** Whole seconds: a shadow keeps no finer time. */
  readonly age_s?: number;
}

/** What is known of a device at a moment, by its own last report. */
export interface DeviceNow {
  readonly device: string;
  readonly name: string;
  readonly kind: Device["kind"];
  readonly room: string;
  /** In words; `not known` where it never reported. */
  readonly state: string;
  /** By capability and member, e.g. `light.on`. */
  readonly values: Readonly<Record<string, ValueNow>>;
  readonly connection: "online" | "offline" | "unknown";
  /** ISO 8601. */
  readonly offline_since?: string;
  /** The run whose command it has not answered yet. */
  readonly waits_for?: string;
}

/** What a thing's shadow holds. */
export interface ShadowNow {
  readonly view: ShadowView;
  /** By capability and member, when it was reported, epoch milliseconds. */
  readonly saidAtMs?: Readonly<Record<string, number>>;
}

/** What a device is at `nowMs`, and what of it people ask for. */
export const deviceNow = (
  device: Device,
  shadow: ShadowNow | undefined,
  nowMs: number,
): { readonly now: DeviceNow; readonly conditions: Conditions } => {
  const { id, name, kind, room } = device;
  const { view = {}, saidAtMs = {} } = shadow ?? {};
  const { reported, onlineSaidAtMs } = view;
  const connection =
    reported?.online === true ? "online" : reported?.online === false ? "offline" : "unknown";
  const waitsFor = rivalOf(view, nowMs);
  return {
    now: {
      device: id,
      name,
      kind,
      room,
      state: inWords(device, reported),
      values: valuesOf(device, reported, saidAtMs, nowMs),
      connection,
      ...(connection === "offline" && onlineSaidAtMs !== undefined
        ? { offline_since: new Date(onlineSaidAtMs).toISOString() }
        : {}),
      ...(waitsFor === undefined ? {} : { waits_for: waitsFor }),
    },
    conditions: conditionsOf(device, reported),
  };
};

/** How long ago a device said the oldest of what it said last, in whole seconds. */
export const ageOf = ({ values }: DeviceNow): number | undefined => {
  const ages = Object.values(values).flatMap(({ age_s: age }) => (age === undefined ? [] : [age]));
  return ages.length === 0 ? undefined : Math.max(...ages);
};

const inWords = ({ kind, senses = [] }: Device, reported: ReportedState | undefined): string => {
  const values = isDeviceKind(kind) && isObject(reported?.[kind]) ? reported[kind] : {};
  const known = isDeviceKind(kind) ? CAPABILITIES[kind] : undefined;
  const said = known?.describe(
    Object.fromEntries(
      plain(values).filter(([member]) => Object.hasOwn(known.fields, member) && member !== ""),
    ),
  );
  const hasKind = plain(values).length > 0;
  const readings = senses.flatMap((sense) => {
    const reading = describeReading(sense, reported?.[sense]);
    if (reading === undefined) return [];
    // A number says nothing without what it is of; a word does.
    return [/^-?\d/.test(reading) ? `${sense} ${reading}` : reading];
  });
  const parts = [...(hasKind && said !== undefined && said !== "" ? [said] : []), ...readings];
  return parts.length === 0 ? "not known" : parts.join(", ");
};

const valuesOf = (
  { kind, senses = [] }: Device,
  reported: ReportedState | undefined,
  saidAtMs: Readonly<Record<string, number>>,
  nowMs: number,
): DeviceNow["values"] =>
  Object.fromEntries(
    [kind, ...senses].flatMap((capability) => {
      const values = reported?.[capability];
      return plain(isObject(values) ? values : {}).map(([member, is]) => {
        const path = `${capability}.${member}`;
        const atMs = Object.hasOwn(saidAtMs, path) ? saidAtMs[path] : undefined;
        const age =
          atMs === undefined ? {} : { age_s: Math.max(0, Math.floor((nowMs - atMs) / 1000)) };
        return [path, { is, ...age }] as const;
      });
    }),
  );

// A device chooses what it reports; an answer repeats no more than what a person can read, and not a book of it.
const MOST_MEMBERS = 20;
const MEMBER = /^[A-Za-z][A-Za-z0-9_]{0,31}$/;
const LONGEST = 64;

const plain = (
  values: Readonly<Record<string, unknown>>,
): readonly (readonly [string, boolean | number | string])[] =>
  Object.entries(values)
    .flatMap(([member, value]): readonly (readonly [string, boolean | number | string])[] => {
      if (!MEMBER.test(member)) return [];
      if (typeof value === "boolean" || typeof value === "number") return [[member, value]];
      const isReadable = typeof value === "string" && value.length <= LONGEST && isPrintable(value);
      return isReadable ? [[member, value]] : [];
    })
    .slice(0, MOST_MEMBERS);
