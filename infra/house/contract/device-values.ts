import { CAPABILITIES, type DeviceKind } from "#domain/home/vocabulary.ts";

/** The values of a device's one capability, e.g. `{on: true, brightness: 40}`, and what it adds, e.g. `jammed`. */
export type DeviceValues = Readonly<Record<string, unknown>>;

/** Those of a device's values that can be commanded. */
export const commandable = (kind: DeviceKind, values: DeviceValues): DeviceValues =>
  Object.fromEntries(
    Object.entries(values).filter(([name]) => Object.hasOwn(CAPABILITIES[kind].fields, name)),
  );

/** What a report must hold so that a shadow that has `before` will have `now`: null deletes what is gone. */
export const reportOfChange = (before: DeviceValues, now: DeviceValues): DeviceValues => ({
  ...Object.fromEntries(
    Object.keys(before)
      .filter((name) => !Object.hasOwn(now, name))
      .map((name) => [name, null]),
  ),
  ...now,
});
