// https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-log-level

import type { EventType } from "../history/history-event.ts";
import type { LoggingConfiguration } from "./store.ts";

const FATAL: ReadonlySet<EventType> = new Set([
  "ExecutionAborted",
  "ExecutionFailed",
  "ExecutionTimedOut",
]);

const ERROR: ReadonlySet<EventType> = new Set([
  ...FATAL,
  "EvaluationFailed",
  "FailStateEntered",
  "LambdaFunctionFailed",
  "LambdaFunctionTimedOut",
  "MapIterationAborted",
  "MapIterationFailed",
  "MapStateAborted",
  "MapStateFailed",
  "ParallelStateAborted",
  "ParallelStateFailed",
  "TaskFailed",
  "TaskStateAborted",
  "TaskTimedOut",
  "WaitStateAborted",
]);

/** Claims that a level writes events of a type. */
export const isLogged = (level: LoggingConfiguration["level"], type: EventType): boolean => {
  switch (level) {
    case "ALL":
      return true;
    case "ERROR":
      return ERROR.has(type);
    case "FATAL":
      return FATAL.has(type);
    case "OFF":
      return false;
  }
};
