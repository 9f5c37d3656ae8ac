// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
import type { AttributeMap } from "./dynalite-types.ts";
import type { TableSettings } from "./store.ts";

const FIVE_YEARS_SECONDS = 5 * 365 * 24 * 3600;

/**
 * When the item goes, in epoch seconds; undefined where it stays: without the attribute, where it is not a number, and
 * where it lies more than five years back (a guard of DynamoDB's own against mistaken units).
 */
export const expiryOf = (
  item: AttributeMap,
  settings: TableSettings,
  nowEpochSeconds: number = Date.now() / 1000,
): number | undefined => {
  const { timeToLiveAttribute } = settings;
  if (timeToLiveAttribute === undefined) return undefined;
  const content = item[timeToLiveAttribute]?.N;
  const at = typeof content === "string" ? Math.floor(Number(content)) : Number.NaN;
  return Number.isSafeInteger(at) && at > nowEpochSeconds - FIVE_YEARS_SECONDS ? at : undefined;
};
