import { type Capability, inUnit, inWords, onOff, PERCENT, YES_NO } from "./capability.ts";

/** What may be wanted of a light. */
export type LightValues = {
  readonly on?: boolean;
  readonly brightness?: number;
  readonly colorTempK?: number;
};

export const light: Capability = {
  matter: "OnOff 0x0006, LevelControl 0x0008, ColorControl 0x0300",
  fields: {
    on: YES_NO,
    brightness: PERCENT,
    colorTempK: { type: "number", min: 1500, max: 9000, unit: "kelvin", whole: true },
  },
  windowSeconds: 2,
  // A dimmer answers when its fade is over. (infra/house/your-own-device.md, "The words of each kind")
  fade: { field: "brightness", windowSeconds: 5 },
  example: '{"light":{"on":true,"brightness":40}}',
  describe: ({ on, brightness, colorTempK }) =>
    inWords(onOff(on), inUnit("brightness", brightness, "%"), inUnit("", colorTempK, "K")),
};
