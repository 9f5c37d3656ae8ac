type Item = Readonly<Record<string, unknown>>;

/**
 * How many commands of a run were sent a second time, as its records say: a device that keeps silent for half of its window,
 * as on a busy machine, is.
 */
export const sentAgain = (records: readonly Item[]): number =>
  records.flatMap(({ SK, devices }) =>
    String(SK).startsWith("TRY#") && Array.isArray(devices) ? devices : [],
  ).length;
