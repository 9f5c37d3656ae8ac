/** Partition key of everything about a run. */
export const runKey = (run: string): string => `RUN#${run}`;

/** Sort key of a run's request. */
export const REQUEST_KEY = "RUN";

/** Sort key of how a run ended. */
export const OUTCOME_KEY = "OUTCOME";

/** Sort keys of a run's acknowledgements: `ACK#<thing>#<stage>`. */
export const ACKNOWLEDGEMENT_PREFIX = "ACK#";
