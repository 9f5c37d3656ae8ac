import { ACKNOWLEDGEMENT_PREFIX, OUTCOME_KEY, REQUEST_KEY } from "#domain/home/keys.ts";
import type { Acknowledgement } from "#domain/run/acknowledgement.ts";
import { parseAcknowledgements } from "./acknowledgement-record.ts";
import { parseOutcomeRecord, type RecordedOutcome } from "./outcome-record.ts";
import { parseRequestRecord, type RecordedRequest } from "./request-record.ts";

/** Everything that is recorded about a run. */
export interface RunRecords extends RecordedRequest {
  readonly acknowledgements: readonly Acknowledgement[];
  /** Absent while the run goes on. */
  readonly conclusion?: RecordedOutcome;
}

/**
 * Puts a run's items together.
 * @returns undefined when the request's record is missing: there is no such run.
 * @throws HomeError `RecordInvalid` or `FormatUnknown`, naming the record.
 */
export const parseRunRecords = (
  items: readonly Readonly<Record<string, unknown>>[],
): RunRecords | undefined => {
  const request = items.find((item) => item.SK === REQUEST_KEY);
  if (request === undefined) return undefined;
  const outcome = items.find((item) => item.SK === OUTCOME_KEY);
  const acknowledgements = parseAcknowledgements(
    items.filter(
      (item) => typeof item.SK === "string" && item.SK.startsWith(ACKNOWLEDGEMENT_PREFIX),
    ),
  );
  return {
    ...parseRequestRecord(request),
    acknowledgements,
    ...(outcome === undefined ? {} : { conclusion: parseOutcomeRecord(outcome) }),
  };
};
