// https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html

import type { Json, JsonObject } from "#local/wire/json.ts";
import { jsonText } from "../values/json.ts";
import { timestamp } from "../values/request-input.ts";
import type { EventType, HistoryEvent } from "./history-event.ts";

// All kinds of states share the details of entering and leaving them; an iteration's four events have one each.
const detailsName = (type: EventType): string => {
  if (type.endsWith("StateEntered")) return "stateEnteredEventDetails";
  if (type.endsWith("StateExited")) return "stateExitedEventDetails";
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
};

// Events of these types have no details in AWS's API description.
const WITHOUT_DETAILS: ReadonlySet<EventType> = new Set([
  "LambdaFunctionStarted",
  "MapStateAborted",
  "MapStateFailed",
  "MapStateSucceeded",
  "ParallelStateAborted",
  "ParallelStateFailed",
  "ParallelStateStarted",
  "ParallelStateSucceeded",
  "TaskStateAborted",
  "WaitStateAborted",
]);

/** An event's details with its payloads as JSON text. */
export const detailsShape = (event: HistoryEvent): JsonObject => {
  const shape: Record<string, Json> = {};
  for (const [name, value] of Object.entries(event.details ?? {})) {
    switch (name) {
      case "input":
      case "output":
        shape[name] = jsonText(value);
        shape[`${name}Details`] = { truncated: false };
        break;
      case "parameters":
        shape[name] = jsonText(value);
        break;
      case "assignedVariables":
        shape[name] = Object.fromEntries(
          Object.entries(value as JsonObject).map(([variable, set]) => [variable, jsonText(set)]),
        );
        shape.assignedVariablesDetails = { truncated: false };
        break;
      default:
        shape[name] = value as Json;
    }
  }
  return shape;
};

/** An event as GetExecutionHistory answers it. */
export const eventShape = (event: HistoryEvent, includeExecutionData: boolean): JsonObject => {
  const details = detailsShape(event);
  return {
    timestamp: timestamp(event.atMs),
    type: event.type,
    id: event.id,
    previousEventId: event.previousEventId,
    ...(WITHOUT_DETAILS.has(event.type)
      ? {}
      : {
          [detailsName(event.type)]: includeExecutionData ? details : withoutExecutionData(details),
        }),
  };
};

/** What is left of an event's details where the data of an execution is not to be shown. */
export const withoutExecutionData = (details: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(details).filter(([name]) => !EXECUTION_DATA.has(name)));

const EXECUTION_DATA: ReadonlySet<string> = new Set([
  "assignedVariables",
  "assignedVariablesDetails",
  "input",
  "inputDetails",
  "output",
  "outputDetails",
  "parameters",
]);
