import {
  type Capability,
  type Completed,
  inUnit,
  inWords,
  type Values,
  within,
} from "./capability.ts";

/** What may be wanted of a thermostat. */
export type ClimateValues = { readonly mode?: ClimateMode; readonly targetC?: number };

export type ClimateMode = "off" | "heat" | "cool" | "auto";

export const climate: Capability = {
  matter: "Thermostat 0x0201",
  fields: {
    mode: { type: "word", words: ["off", "heat", "cool", "auto"] },
    targetC: {
      type: "number",
      min: 5,
      max: 35,
      unit: "°C",
      whole: false,
      // Many thermostats know half degrees.
      tolerance: within(0.25),
    },
  },
  windowSeconds: 5,
  example: '{"climate":{"mode":"heat","targetC":18.5}}',
  complete: (values) => completeClimate(values),
  describe: ({ mode, targetC }) => inWords(mode, inUnit("", targetC, "°C")),
};

// A target means nothing to a thermostat that is off; what most homes' thermostats do is heat.
const completeClimate = (values: Values): Completed => {
  if (values.targetC === undefined) return { values };
  if (values.mode === "off") return { contradiction: "mode: off has no target temperature" };
  return { values: { mode: "heat", ...values } };
};
