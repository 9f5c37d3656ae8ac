import { asItIs, type Capability, inWords, onOff, YES_NO } from "./capability.ts";

/** What may be wanted of a plug. */
export type PlugValues = { readonly on: boolean };

export const plug: Capability = {
  matter: "OnOff 0x0006",
  fields: { on: YES_NO },
  windowSeconds: 2,
  example: '{"plug":{"on":false}}',
  complete: asItIs,
  describe: ({ on }) => inWords(onOff(on)),
};
