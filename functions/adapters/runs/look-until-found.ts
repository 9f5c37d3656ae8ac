import { setTimeout as pause } from "node:timers/promises";

/**
 * When to look whether a run that was started is recorded, each so many milliseconds after the one before: four seconds, which
 * hold the workflow's own tries to write its first record.
 */
export const UNTIL_RECORDED_MS: readonly number[] = [50, 150, 400, 1_000, 2_400];

/** What a look finds, as soon as it finds something; `undefined` when the last has not either. */
export const lookUntilFound = async <Found>(
  look: () => Promise<Found | undefined>,
  afterMs: readonly number[],
): Promise<Found | undefined> => {
  for (const ms of afterMs) {
    await pause(ms);
    const found = await look();
    if (found !== undefined) return found;
  }
  return undefined;
};
