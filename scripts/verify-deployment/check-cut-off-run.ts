import type { Check } from "./check.ts";
import { NOTHING_TO_CHECK } from "./check.ts";

/** A run that is cut off is ended by a sweeper, where the stack has one. */
export const checkCutOffRun: Check = {
  name: "cut-off run",
  needs: [],
  look: async () => ({
    code: NOTHING_TO_CHECK,
    summary:
      "This stack has no sweeper: a run that is cut off leaves its commands until they expire.",
    fix: "Look at the alarm RunsBroken; each command expires by itself.",
  }),
};
