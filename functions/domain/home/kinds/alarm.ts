import { asItIs, type Capability, inWords } from "./capability.ts";

/** What may be wanted of an alarm. */
export type AlarmValues = { readonly mode: AlarmMode };

export type AlarmMode = "disarmed" | "armed_home" | "armed_away" | "armed_night" | "armed_vacation";

export const alarm: Capability = {
  matter: null,
  fields: {
    mode: {
      type: "word",
      words: ["disarmed", "armed_home", "armed_away", "armed_night", "armed_vacation"],
    },
  },
  windowSeconds: 10,
  example: '{"alarm":{"mode":"armed_night"}}',
  complete: asItIs,
  describe: ({ mode }) => inWords(mode).replace("_", " "),
};
