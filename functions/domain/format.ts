import { HomeError } from "./home-error.ts";
import { shown } from "./printable.ts";

/** The number, in the member `v`, of the form in which this version writes what it stores. */
export const FORMAT = 1;

/**
 * Promises that a stored record is of the form that this version writes. Nothing of another form is read by guessing;
 * records without a number are from before homes had ids.
 * @throws HomeError `FormatUnknown`, naming the record and both numbers
 */
export const requireFormat = (record: Readonly<Record<string, unknown>>, what: string): void => {
  if (record.v === FORMAT) return;
  throw new HomeError(
    "FormatUnknown",
    `${what} has ${record.v === undefined ? "no format" : `the format ${shown(record.v)}`}; this version reads format ${FORMAT}. Use the version that wrote it. Nothing was changed.`,
  );
};

/**
 * The same for what may also be written by a person, in a file, where no number is needed.
 * @throws HomeError `FormatUnknown`
 */
export const refuseOtherFormat = (
  record: Readonly<Record<string, unknown>>,
  what: string,
): void => {
  if (record.v !== undefined) requireFormat(record, what);
};
