import { type Capability, PERCENT } from "./capability.ts";

/** What may be wanted of a cover: how far it is open. */
export type CoverValues = { readonly position: number };

export const cover: Capability = {
  matter: "WindowCovering 0x0102",
  fields: { position: PERCENT },
  windowSeconds: 60,
  example: '{"cover":{"position":0}}',
  describe: ({ position }) => {
    if (position === 0) return "closed";
    return position === 100 ? "open" : `${position} % open`;
  },
};
