import { type Capability, inUnit, inWords, PERCENT } from "./capability.ts";

/** What may be wanted of what plays. */
export type MediaValues = { readonly playback?: Playback; readonly volume?: number };

export type Playback = "playing" | "paused" | "off";

export const media: Capability = {
  matter: "MediaPlayback 0x0506, LevelControl 0x0008",
  fields: {
    playback: { type: "word", words: ["playing", "paused", "off"] },
    volume: PERCENT,
  },
  windowSeconds: 5,
  example: '{"media":{"playback":"paused"}}',
  describe: ({ playback, volume }) => inWords(playback, inUnit("volume", volume, "%")),
};
