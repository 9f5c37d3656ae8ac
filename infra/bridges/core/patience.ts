import type { DeviceKind } from "#domain/home/vocabulary.ts";
import type { Asked } from "./bridge.ts";

/** When a device that was told something is asked whether it has done it. */
export interface Patience {
  readonly firstLookMs: number;
  readonly secondLookMs: number;
  readonly longestMs: number;
}

// A relay has switched within a quarter of a second; a bolt takes one or two, a blind many, and each look costs a frame of
// the radio. What reports by itself is looked at when it does.
const FIRST_LOOK_MS: Readonly<Record<DeviceKind, number>> = {
  light: 150,
  plug: 150,
  lock: 1000,
  cover: 1500,
  climate: 300,
  media: 300,
  alarm: 1000,
  fan: 300,
  vacuum: 1500,
  humidifier: 300,
};

/** The patience with a device of a kind; a fade is waited for. */
export const patienceWith = (
  kind: DeviceKind,
  asked: Asked,
  transitionSeconds: number,
): Patience => ({
  firstLookMs: FIRST_LOOK_MS[kind] + (isFaded(kind, asked) ? transitionSeconds * 1000 : 0),
  secondLookMs: 300,
  longestMs: 5000,
});

const isFaded = (kind: DeviceKind, asked: Asked): boolean =>
  kind === "light" && (asked.brightness !== undefined || asked.on !== undefined);

/** What moves so slowly that it may be on its way through what is asked, and stays there only if it is told. */
const GRADUAL = new Set([
  "brightness",
  "colorTempK",
  "hue",
  "saturation",
  "position",
  "tilt",
  "speed",
]);

/** Is one of these fields on its way for a while before it is there? */
export const isGradual = (asked: Asked): boolean =>
  Object.keys(asked).some((field) => GRADUAL.has(field));
