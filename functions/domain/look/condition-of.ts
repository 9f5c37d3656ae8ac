import type { Device } from "#domain/home/device.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";

/** What people ask of a home before they leave it or go to bed. */
export const NOTICED = ["open", "on", "unlocked", "offline"] as const;

/** One of those words. */
export type Noticed = (typeof NOTICED)[number];

/** How a device can be told apart by its own report: the word, the member that says so, and whether it is. */
interface Sign {
  readonly word: Exclude<Noticed, "offline">;
  readonly of: string;
  readonly member: string;
  is(value: unknown): boolean;
}

const isTrue = (value: unknown): boolean => value === true;
// What is paused, or heats at the moment no more, is on all the same: somebody forgot it.
const isNotOff = (value: unknown): boolean => value !== "off";

const SIGNS: readonly Sign[] = [
  ...["light", "plug", "fan", "humidifier"].map(
    (of): Sign => ({ word: "on", of, member: "on", is: isTrue }),
  ),
  { word: "on", of: "media", member: "playback", is: isNotOff },
  { word: "on", of: "climate", member: "mode", is: isNotOff },
  { word: "on", of: "vacuum", member: "activity", is: (value) => value === "cleaning" },
  { word: "open", of: "cover", member: "position", is: (value) => Number(value) > 0 },
  { word: "open", of: "contact", member: "open", is: isTrue },
  { word: "unlocked", of: "lock", member: "locked", is: (value) => value === false },
];

/** Of the words that fit a device at all: those that its last report says, and those of which it said nothing. */
export interface Conditions {
  readonly is: readonly Noticed[];
  readonly unknown: readonly Noticed[];
  /** By its kind it could be this. */
  readonly could: readonly Noticed[];
}

/** What a device's last report says of it in those words; whether it is offline, its connection tells. */
export const conditionsOf = (
  { kind, senses = [] }: Pick<Device, "kind" | "senses">,
  reported: ReportedState | undefined,
): Conditions => {
  const own: readonly string[] = [kind, ...senses];
  const signs = SIGNS.filter(({ of }) => own.includes(of)).map(({ word, of, member, is }) => {
    const values = reported?.[of];
    const value = isObject(values) ? values[member] : undefined;
    return { word, value, is: value !== undefined && is(value) };
  });
  const words = (which: (sign: (typeof signs)[number]) => boolean): readonly Noticed[] => [
    ...new Set(signs.filter(which).map(({ word }) => word)),
  ];
  return {
    is: words((sign) => sign.is),
    unknown: words(({ value }) => value === undefined),
    could: words(() => true),
  };
};
