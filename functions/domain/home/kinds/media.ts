import {
  type Capability,
  type Completed,
  inUnit,
  inWords,
  PERCENT,
  type Values,
} from "./capability.ts";

/** What may be wanted of what plays. */
export type MediaValues = {
  readonly playback?: Playback;
  readonly volume?: number;
  readonly source?: string;
};

export type Playback = "playing" | "paused" | "off";

export const media: Capability = {
  matter: "MediaPlayback 0x0506, LevelControl 0x0008, MediaInput 0x0507",
  fields: {
    playback: { type: "word", words: ["playing", "paused", "off"] },
    volume: PERCENT,
    source: { type: "choice", among: "sources" },
  },
  windowSeconds: 5,
  example: '{"media":{"playback":"paused"}}',
  complete: (values) => completeMedia(values),
  describe: ({ playback, volume, source }) =>
    inWords(playback, inUnit("volume", volume, "%"), source && `source ${source}`),
};

const completeMedia = (values: Values): Completed => {
  const { playback, ...rest } = values;
  const others = Object.keys(rest);
  if (others.length === 0) return { values };
  if (playback === "off") {
    return {
      contradiction: `playback: off goes with nothing else, and here stands ${others.join(", ")} too`,
    };
  }
  return { values: { playback: "playing", ...values } };
};
