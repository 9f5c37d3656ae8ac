import {
  type Capability,
  type Completed,
  completeOnOff,
  inUnit,
  inWords,
  onOff,
  PERCENT,
  type Values,
  within,
  YES_NO,
} from "./capability.ts";

/** What may be wanted of a light; its colour is a temperature, or a hue with a saturation. */
export type LightValues = {
  readonly on?: boolean;
  readonly brightness?: number;
  readonly colorTempK?: number;
  readonly hue?: number;
  readonly saturation?: number;
  readonly effect?: string;
};

export const light: Capability = {
  matter: "OnOff 0x0006, LevelControl 0x0008, ColorControl 0x0300",
  fields: {
    on: YES_NO,
    brightness: PERCENT,
    colorTempK: {
      type: "number",
      min: 1500,
      max: 9000,
      unit: "kelvin",
      whole: true,
      // Zigbee and Matter hold whole mireds: 2,700 K becomes 370 of them, and 370 are 2,703 K.
      tolerance: { by: "mireds", most: 1 },
    },
    hue: {
      type: "number",
      min: 0,
      max: 360,
      unit: "degrees",
      whole: false,
      // 0-254 steps (Zigbee's CurrentHue) are 1.42 degrees each.
      tolerance: { by: "circle", most: 1.5 },
    },
    saturation: {
      type: "number",
      min: 0,
      max: 100,
      unit: "percent",
      whole: false,
      tolerance: within(1),
    },
    effect: { type: "choice", among: "effects" },
  },
  windowSeconds: 2,
  // A dimmer answers when its fade is over. (infra/house/your-own-device.md, "The words of each kind")
  fade: { field: "brightness", windowSeconds: 5 },
  example: '{"light":{"on":true,"brightness":40}}',
  complete: (values) => completeLight(values),
  describe: ({ on, brightness, colorTempK, hue, saturation, effect }) =>
    inWords(
      onOff(on),
      inUnit("brightness", brightness, "%"),
      inUnit("", colorTempK, "K"),
      hue === undefined ? undefined : `hue ${hue}° saturation ${saturation ?? 100} %`,
      effect === undefined ? undefined : `effect ${effect}`,
    ),
};

const completeLight = (values: Values): Completed => {
  const { brightness, ...rest } = values;
  // Level 0 is off, whatever holds the level.
  if (brightness === 0) {
    return values.on === true
      ? { contradiction: "on: true has a brightness of 1 to 100; brightness 0 is off" }
      : completeOnOff({ ...rest, on: false });
  }
  const { colorTempK, hue, saturation } = values;
  if (colorTempK !== undefined && (hue !== undefined || saturation !== undefined)) {
    return { contradiction: "a light has one colour: colorTempK, or hue with saturation" };
  }
  if (hue === undefined && saturation !== undefined) {
    return { contradiction: "saturation needs a hue" };
  }
  return completeOnOff(hue === undefined ? values : { saturation: 100, ...values });
};
