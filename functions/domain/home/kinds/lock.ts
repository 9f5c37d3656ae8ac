import { asItIs, type Capability, YES_NO } from "./capability.ts";

/** What may be wanted of a lock. */
export type LockValues = { readonly locked: boolean };

export const lock: Capability = {
  matter: "DoorLock 0x0101",
  fields: { locked: YES_NO },
  windowSeconds: 10,
  example: '{"lock":{"locked":true}}',
  complete: asItIs,
  describe: ({ locked }) => (locked === true ? "locked" : "unlocked"),
};
