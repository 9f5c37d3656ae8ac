import { isObject } from "#domain/json.ts";
import type { HandChange } from "#domain/run/by-hand.ts";

/**
 * Picks, out of a home's changes, what devices reported without a command, in the order in which it happened. A record
 * that cannot be read is none: a device chooses what it reports.
 */
export const parseHandChanges = (
  items: readonly Readonly<Record<string, unknown>>[],
): readonly HandChange[] =>
  items
    .flatMap(({ change, thing, after, acknowledgedAt }) =>
      change === "reported" &&
      typeof thing === "string" &&
      typeof acknowledgedAt === "number" &&
      isObject(after)
        ? [{ thing, atMs: acknowledgedAt, after }]
        : [],
    )
    .toSorted((one, other) => one.atMs - other.atMs);
