// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
import { AwsError } from "#local/wire/aws-service.ts";
import type { JsonObject } from "#local/wire/json.ts";
import type { HistoryEvent } from "../history/history-event.ts";
import { runExecution } from "../run/run-execution.ts";
import type { StandardExecution } from "../store/store.ts";
import { standardExecutionArn } from "../values/arns.ts";
import { requiredText, timestamp } from "../values/request-input.ts";
import { startExpress } from "./express-execution.ts";
import type { ServiceParts, StepFunctionsOperation } from "./operation.ts";
import { identityOf, readStart, type StartInput } from "./start-input.ts";

/** StartExecution: answers at once. A Standard execution can be described then, an Express one cannot. */
export const startExecution: StepFunctionsOperation = {
  name: "StartExecution",
  understand: (input, parts) => {
    const arn = requiredText(input, "stateMachineArn");
    return {
      permissions: [{ action: "states:StartExecution", resource: arn }],
      carryOut: () => {
        const start = readStart(arn, input, parts);
        if (start.stateMachine.type === "EXPRESS") {
          const { arn: executionArn, startedAtMs } = startExpress(start, parts);
          // At least once is what AWS promises: two deliveries of one start have one name and run side by side.
          if (parts.deliverAsyncStartsTwice) startExpress(start, parts);
          return { executionArn, startDate: timestamp(startedAtMs) };
        }
        return startStandard(start, parts);
      },
    };
  },
};

const startStandard = (start: StartInput, parts: ServiceParts): JsonObject => {
  const { store, place, engine, logs } = parts;
  const arn = standardExecutionArn(place, start.stateMachine.name, start.name);
  const existing = store.findExecution(arn);
  if (existing !== undefined) return sameAgain(existing, start);
  const startedAtMs = engine.clock.nowMs();
  const events: HistoryEvent[] = [];
  const logSink = logs.sink(start.stateMachine.logging, arn);
  const running = runExecution(start.stateMachine.machine, {
    identity: identityOf(start, arn, startedAtMs),
    engine,
    sinks: [
      { wants: () => true, take: (event) => events.push(event) },
      ...(logSink === undefined ? [] : [logSink]),
    ],
    boundsEvents: true,
  });
  const execution: StandardExecution = {
    arn,
    name: start.name,
    stateMachine: start.stateMachine,
    inputText: start.inputText,
    ...(start.traceHeader === undefined ? {} : { traceHeader: start.traceHeader }),
    startedAtMs,
    events,
    running,
    outcome: undefined,
  };
  store.addExecution(execution);
  void running.outcome.then((outcome) => {
    execution.outcome = outcome;
  });
  return { executionArn: arn, startDate: timestamp(startedAtMs) };
};

// While it runs, the same name with the same input is the same start; afterwards the name is taken for 90 days.
const sameAgain = (existing: StandardExecution, start: StartInput): JsonObject => {
  if (existing.outcome === undefined && existing.inputText === start.inputText) {
    return { executionArn: existing.arn, startDate: timestamp(existing.startedAtMs) };
  }
  throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${existing.arn}'`);
};
