import { AwsError } from "#local/wire/aws-service.ts";
import type { JsonObject } from "#local/wire/json.ts";
import type { Machine } from "../compile/asl.ts";
import type { HistoryEvent } from "../history/history-event.ts";
import type { Outcome, RunningExecution } from "../run/run-execution.ts";

/** Where and how much of an execution is logged, as the API has it. */
export interface LoggingConfiguration {
  readonly level: "ALL" | "ERROR" | "FATAL" | "OFF";
  readonly includeExecutionData: boolean;
  /** ARNs of log groups. */
  readonly logGroupArns: readonly string[];
}

/** A state machine, as it was created or last updated. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly type: "STANDARD" | "EXPRESS";
  readonly roleArn: string;
  /** The definition's text as it was given. */
  readonly definition: string;
  readonly machine: Machine;
  readonly logging: LoggingConfiguration;
  readonly tracing: boolean;
  readonly createdAtMs: number;
  readonly revisionId: string;
}

/** A Standard execution, kept until the service is closed. */
export interface StandardExecution {
  readonly arn: string;
  readonly name: string;
  readonly stateMachine: StateMachine;
  readonly inputText: string;
  readonly traceHeader?: string;
  readonly startedAtMs: number;
  readonly events: readonly HistoryEvent[];
  readonly running: RunningExecution;
  outcome: Outcome | undefined;
}

// AWS keeps a finished execution for 90 days; here it is the last so many, so that memory does not grow for ever.
const MAX_FINISHED = 5_000;

/** All state machines and Standard executions of a service, in memory. */
export class Store {
  readonly #machines = new Map<string, StateMachine>();
  readonly #executions = new Map<string, StandardExecution>();

  put(machine: StateMachine): void {
    this.#machines.set(machine.arn, machine);
  }

  remove(arn: string): void {
    this.#machines.delete(arn);
  }

  find(arn: string): StateMachine | undefined {
    return this.#machines.get(arn);
  }

  /** @throws AwsError `StateMachineDoesNotExist` */
  get(arn: string): StateMachine {
    const machine = this.#machines.get(arn);
    if (machine !== undefined) return machine;
    throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
  }

  all(): readonly StateMachine[] {
    return [...this.#machines.values()];
  }

  addExecution(execution: StandardExecution): void {
    this.#executions.set(execution.arn, execution);
    if (this.#executions.size <= MAX_FINISHED) return;
    for (const [arn, { outcome }] of this.#executions) {
      if (outcome === undefined) continue;
      this.#executions.delete(arn);
      return;
    }
  }

  findExecution(arn: string): StandardExecution | undefined {
    return this.#executions.get(arn);
  }

  /** @throws AwsError `ExecutionDoesNotExist` */
  execution(arn: string): StandardExecution {
    const execution = this.#executions.get(arn);
    if (execution !== undefined) return execution;
    throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
  }

  /** The latest first, as ListExecutions answers them. */
  executionsOf(machineArn: string): readonly StandardExecution[] {
    return [...this.#executions.values()]
      .filter((execution) => execution.stateMachine.arn === machineArn)
      .reverse();
  }
}

/** The API's shape of a logging configuration. */
export const loggingShape = (logging: LoggingConfiguration): JsonObject => ({
  level: logging.level,
  includeExecutionData: logging.includeExecutionData,
  ...(logging.logGroupArns.length === 0
    ? {}
    : {
        destinations: logging.logGroupArns.map((logGroupArn) => ({
          cloudWatchLogsLogGroup: { logGroupArn },
        })),
      }),
});
