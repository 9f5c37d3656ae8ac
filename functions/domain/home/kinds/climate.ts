import { type Capability, inUnit, inWords } from "./capability.ts";

/** What may be wanted of a thermostat. */
export type ClimateValues = { readonly mode?: ClimateMode; readonly targetC?: number };

export type ClimateMode = "off" | "heat" | "cool" | "auto";

export const climate: Capability = {
  matter: "Thermostat 0x0201",
  fields: {
    mode: { type: "word", words: ["off", "heat", "cool", "auto"] },
    targetC: { type: "number", min: 5, max: 35, unit: "°C", whole: false },
  },
  windowSeconds: 5,
  example: '{"climate":{"mode":"heat","targetC":18.5}}',
  describe: ({ mode, targetC }) => inWords(mode, inUnit("", targetC, "°C")),
};
