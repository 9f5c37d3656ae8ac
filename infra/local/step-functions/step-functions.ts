// The Step Functions API over AWS JSON 1.0: https://docs.aws.amazon.com/step-functions/latest/apireference/Welcome.html
import { setMaxListeners } from "node:events";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import type { AwsService } from "#local/wire/aws-service.ts";
import { STEP_FUNCTIONS } from "#local/wire/json-api.ts";
import { jsonService, parseJsonObject } from "#local/wire/json-service.ts";
import type { ServiceParts } from "./api/operation.ts";
import { notImitated, operations } from "./api/operations.ts";
import { ExpressionWorkers } from "./expressions/expression-workers.ts";
import { Cancellation } from "./run/cancellation.ts";
import { Clock } from "./run/clock.ts";
import { ExecutionLogs } from "./store/execution-logs.ts";
import { Store } from "./store/store.ts";
import { createTaskRunner } from "./tasks/task-runner.ts";

/** What the local Step Functions is started with. */
export interface StepFunctionsOptions {
  readonly region: string;
  readonly accountId: string;
  /** Credentials of a role; throws AwsError where its trust policy refuses states.amazonaws.com. */
  readonly access: (roleArn: string) => AwsAccess;
  /** Where executions are logged, a file for each log group. Absent: nowhere. */
  readonly logDirectory?: string;
  /** Every asynchronous Express start happens twice, as AWS's "at least once" allows. */
  readonly deliverAsyncStartsTwice?: boolean;
  /**
   * For tests and replays: while nothing is under way but waiting, time jumps to the next thing that happens. Waits, retry
   * delays and timeouts keep their lengths in every timestamp and take no real time.
   */
  readonly virtualTime?: boolean;
}

/** The local Step Functions: one service of the AWS endpoint. */
export const createStepFunctions = (
  options: StepFunctionsOptions,
): { readonly service: AwsService; close(): Promise<void> } => {
  const ending = new AbortController();
  // Every call of every execution listens to it.
  setMaxListeners(0, ending.signal);
  const executions = new Cancellation();
  const clock = new Clock({ skipsIdleTime: options.virtualTime ?? false });
  const workers = new ExpressionWorkers(() => clock.busy());
  const logs = new ExecutionLogs(options.logDirectory);
  const parts: ServiceParts = {
    place: { region: options.region, accountId: options.accountId },
    store: new Store(),
    engine: {
      clock,
      workers,
      runTask: createTaskRunner(ending.signal),
      access: options.access,
      region: options.region,
      ending: executions,
    },
    logs,
    deliverAsyncStartsTwice: options.deliverAsyncStartsTwice ?? false,
  };
  const service = jsonService({
    name: "Step Functions",
    api: STEP_FUNCTIONS,
    operations,
    context: parts,
    missing: notImitated,
    // No body is as good as one without members.
    parseBody: (text) => (text === "" ? {} : parseJsonObject(text)),
  });
  return {
    service,
    close: async () => {
      executions.abort();
      ending.abort();
      clock.close();
      await workers.close();
      logs.close();
    },
  };
};
