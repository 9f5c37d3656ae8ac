import {
  type Capability,
  type Completed,
  completeOnOff,
  inUnit,
  inWords,
  onOff,
  PERCENT,
  type Values,
  YES_NO,
} from "./capability.ts";

/** What may be wanted of a fan. */
export type FanValues = {
  readonly on?: boolean;
  readonly speed?: number;
  readonly oscillating?: boolean;
};

export const fan: Capability = {
  matter: "FanControl 0x0202",
  fields: { on: YES_NO, speed: PERCENT, oscillating: YES_NO },
  windowSeconds: 3,
  example: '{"fan":{"on":true,"speed":66}}',
  complete: (values) => completeFan(values),
  describe: ({ on, speed, oscillating }) =>
    inWords(
      onOff(on),
      inUnit("speed", speed, "%"),
      oscillating === undefined
        ? undefined
        : oscillating === true
          ? "oscillating"
          : "not oscillating",
    ),
};

const completeFan = (values: Values): Completed => {
  const { speed, ...rest } = values;
  if (speed !== 0) return completeOnOff(values);
  return values.on === true
    ? { contradiction: "on: true has a speed of 1 to 100; speed 0 is off" }
    : completeOnOff({ ...rest, on: false });
};
