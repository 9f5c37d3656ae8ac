import { asItIs, type Capability, inWords } from "./capability.ts";

/** What may be wanted of a vacuum cleaner. */
export type VacuumValues = { readonly activity: VacuumActivity };

export type VacuumActivity = "cleaning" | "paused" | "docked";

export const vacuum: Capability = {
  matter: "RvcRunMode 0x0054, RvcOperationalState 0x0061",
  fields: { activity: { type: "word", words: ["cleaning", "paused", "docked"] } },
  // It drives home before it is docked.
  windowSeconds: 120,
  example: '{"vacuum":{"activity":"docked"}}',
  complete: asItIs,
  describe: ({ activity }) => inWords(activity),
};
