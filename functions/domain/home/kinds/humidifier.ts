import {
  type Capability,
  completeOnOff,
  inUnit,
  inWords,
  onOff,
  PERCENT,
  YES_NO,
} from "./capability.ts";

/** What may be wanted of a humidifier, or of a dehumidifier. */
export type HumidifierValues = { readonly on?: boolean; readonly targetHumidity?: number };

export const humidifier: Capability = {
  matter: null,
  fields: { on: YES_NO, targetHumidity: PERCENT },
  windowSeconds: 5,
  example: '{"humidifier":{"on":true,"targetHumidity":45}}',
  complete: completeOnOff,
  describe: ({ on, targetHumidity }) =>
    inWords(onOff(on), inUnit("", targetHumidity, "% humidity")),
};
