import type { CommandableDevice } from "#domain/home/device.ts";

/** The seed of a house that was given none. */
export const DEFAULT_SEED = 1;

const QUICK = { fromMs: 30, toMs: 400 };
// A cover travels for about a second; its acknowledgement comes when it has arrived.
const COVER = { fromMs: 600, toMs: 1200 };

/**
 * How long a device takes to answer a command, in whole milliseconds. The same seed and id give the same latency,
 * whatever other devices the house has.
 */
export const seededLatencyMs = (
  seed: number,
  device: Pick<CommandableDevice, "id" | "kind">,
): number => {
  const { fromMs, toMs } = device.kind === "cover" ? COVER : QUICK;
  return fromMs + (hash(`${seed}/${device.id}`) % (toMs - fromMs + 1));
};

/** FNV-1a over UTF-16 code units, then murmur3's finalizer, because FNV alone hardly moves on the last letter. */
const hash = (text: string): number => {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};
