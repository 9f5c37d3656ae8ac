import { asItIs, type Capability, inUnit, inWords, PERCENT } from "./capability.ts";

/** What may be wanted of a cover: how far it is open, and how far its slats are. */
export type CoverValues = { readonly position?: number; readonly tilt?: number };

export const cover: Capability = {
  matter: "WindowCovering 0x0102",
  fields: { position: PERCENT, tilt: PERCENT },
  windowSeconds: 60,
  example: '{"cover":{"position":0}}',
  complete: asItIs,
  describe: ({ position, tilt }) => inWords(inPosition(position), inUnit("tilt", tilt, "%")),
};

const inPosition = (position: unknown): string | undefined => {
  if (position === undefined) return undefined;
  if (position === 0) return "closed";
  return position === 100 ? "open" : `${String(position)} % open`;
};
