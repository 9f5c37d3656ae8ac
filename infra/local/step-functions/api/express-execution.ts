import { randomUUID } from "node:crypto";
import { type RunningExecution, runExecution } from "../run/run-execution.ts";
import { expressExecutionArn } from "../values/arns.ts";
import type { ServiceParts } from "./operation.ts";
import { EXPRESS_MAX_SECONDS, identityOf, type StartInput } from "./start-input.ts";

/** An Express execution that has been started: nobody can describe or stop it, only its log tells of it. */
export interface ExpressExecution {
  readonly arn: string;
  readonly startedAtMs: number;
  readonly running: RunningExecution;
}

/** Starts an Express execution. Two of the same name are two executions. */
export const startExpress = (start: StartInput, parts: ServiceParts): ExpressExecution => {
  const { engine, logs, place } = parts;
  const arn = expressExecutionArn(place, start.stateMachine.name, start.name, randomUUID());
  const startedAtMs = engine.clock.nowMs();
  const sink = logs.sink(start.stateMachine.logging, arn);
  const running = runExecution(start.stateMachine.machine, {
    identity: identityOf(start, arn, startedAtMs),
    engine,
    sinks: sink === undefined ? [] : [sink],
    boundsEvents: false,
    maxSeconds: EXPRESS_MAX_SECONDS,
  });
  return { arn, startedAtMs, running };
};
