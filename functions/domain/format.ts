import { HomeError } from "./home-error.ts";
import { shown } from "./printable.ts";

/** The number, in the member `v`, of the form in which this version writes what it stores. */
export const FORMAT = 1;

/**
 * Promises that a stored record is of a form that this version reads: its own, or the one from before forms had
 * numbers. Nothing of another form is read by guessing.
 * @throws HomeError `FormatUnknown`, naming the record and both numbers
 */
export const requireFormat = (record: Readonly<Record<string, unknown>>, what: string): void => {
  if (record.v === undefined || record.v === FORMAT) return;
  throw new HomeError(
    "FormatUnknown",
    `${what} has the format ${shown(record.v)}; this version reads format ${FORMAT}, and records without a number. Use the version that wrote it. Nothing was changed.`,
  );
};
