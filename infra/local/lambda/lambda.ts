// https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
import { randomBytes } from "node:crypto";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import type { AwsService } from "#local/wire/aws-service.ts";
import { LocalError } from "#local/wire/local-error.ts";
import { restService } from "#local/wire/rest-service.ts";
import { startEnvironment } from "./environment.ts";
import { parseEventInvokeConfig } from "./event-invoke-config.ts";
import { eventQueue } from "./event-queue.ts";
import { openEventTable } from "./event-table.ts";
import type { FunctionDescription } from "./function-description.ts";
import { openLogFile } from "./function-log.ts";
import { createFunctionPools } from "./function-pool.ts";
import { getFunction } from "./get-function.ts";
import { getFunctionConfiguration } from "./get-function-configuration.ts";
import { createInvoke, invoke } from "./invoke.ts";
import { listFunctions } from "./list-functions.ts";
import { openMetricLog } from "./metric-log.ts";
import { startWatchdog } from "./watchdog.ts";

export interface LambdaOptions {
  readonly region: string;
  readonly accountId: string;
  readonly functions: readonly FunctionDescription[];
  /** The credentials of a function's role, and the endpoint that it is to call. */
  access(roleArn: string): AwsAccess;
  /** One file for each function: what it printed, between START, END and REPORT; and metrics.jsonl, what they counted. */
  readonly logDirectory?: string;
  readonly log?: (line: string) => void;
  /** How many processes there may be; a call beyond answers TooManyRequestsException. */
  readonly maxEnvironments?: number;
  /** The account's concurrent executions, 10 in a new one: a call beyond answers TooManyRequestsException. */
  readonly concurrentExecutions?: number;
  /** How long an unused process is kept. */
  readonly idleMs?: number;
  /** After how long without a call a process gives back what it does not need at rest. */
  readonly restMs?: number;
  /** SQLite file of the events that were accepted and are not handled yet; in memory where absent. */
  readonly eventFile?: string;
  /** Resolved properties of each AWS::Lambda::EventInvokeConfig. */
  readonly eventInvokeConfigs?: readonly { readonly name: string; readonly properties: unknown }[];
  /** The pauses before an asynchronous call is tried again: AWS's one and two minutes, but in tests. */
  readonly eventRetryDelaysMs?: readonly number[];
  /** The clock of events, for tests. */
  readonly nowMs?: () => number;
}

export interface Lambda {
  readonly service: AwsService;
  /** Goes on with the events that an earlier process accepted; to be called when what functions call is there. */
  resumeEvents(): void;
  /** Starts a process for each of these functions, by their names, before anybody calls them. */
  warm(names: readonly string[]): void;
  /** Kills every environment; calls that run get no answer. */
  close(): Promise<void>;
}

const MAX_ENVIRONMENTS = 50;
// Calls that come within this of each other find everything compiled.
const REST_MS = 20_000;
const EVENT_RETRY_DELAYS_MS = [60_000, 120_000];

/**
 * Lambda: each call of a function in a process of its own, with that function's environment and role.
 * @throws LocalError `StartFailed` for a function whose role does not trust Lambda.
 */
export const startLambda = async (options: LambdaOptions): Promise<Lambda> => {
  const accessByFunction = new Map(
    options.functions.map((description) => [description.name, assumeRole(description, options)]),
  );
  const configs = (options.eventInvokeConfigs ?? []).map(({ name, properties }) =>
    parseEventInvokeConfig(name, properties),
  );
  const table = openEventTable(options.eventFile ?? ":memory:");
  const watchdog = startWatchdog();
  const functions = new Map(
    options.functions.map((description) => [description.name, description]),
  );
  const metrics = openMetricLog(options.logDirectory, options.log ?? (() => undefined));
  const logs = new Map(
    options.functions.map(({ name }) => {
      const file = openLogFile(options.logDirectory, `${name}.log`);
      const write = (lines: string): void => {
        file.write(lines);
        metrics.read(name, lines);
      };
      return [name, { write, close: file.close }];
    }),
  );
  const { restMs = REST_MS } = options;
  const pools = createFunctionPools(
    (description, events) =>
      startEnvironment(
        description,
        {
          access: accessByFunction.get(description.name) ?? options.access(description.roleArn),
          watchdog,
          log: logs.get(description.name) ?? openLogFile(undefined, description.name),
          restMs,
          logStreamName: `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${randomBytes(16).toString("hex")}`,
        },
        events,
      ),
    {
      maxEnvironments: options.maxEnvironments ?? MAX_ENVIRONMENTS,
      restMs,
      ...(options.concurrentExecutions === undefined
        ? {}
        : { concurrentExecutions: options.concurrentExecutions }),
      ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
    },
  );
  const events = eventQueue({
    pools,
    functions,
    configs,
    table,
    access: options.access,
    retryDelaysMs: options.eventRetryDelaysMs ?? EVENT_RETRY_DELAYS_MS,
    nowMs: options.nowMs ?? Date.now,
    log: options.log ?? (() => undefined),
  });

  let closing: Promise<void> | undefined;
  return {
    service: restService({
      name: "Lambda",
      signingNames: ["lambda"],
      operations: [invoke, getFunction, getFunctionConfiguration, listFunctions],
      context: {
        region: options.region,
        accountId: options.accountId,
        byName: functions,
        invoke: createInvoke(pools, events.accept),
      },
      invalid: "ValidationException",
    }),
    resumeEvents: events.resume,
    warm: (names) => {
      for (const name of names) {
        const description = functions.get(name);
        if (description !== undefined) pools.warm(description);
      }
    },
    close: () => {
      closing ??= (async () => {
        events.close();
        await pools.close();
        table.close();
        watchdog.close();
        await Promise.all([metrics, ...logs.values()].map((log) => log.close()));
      })();
      return closing;
    },
  };
};

const assumeRole = (description: FunctionDescription, { access }: LambdaOptions): AwsAccess => {
  try {
    return access(description.roleArn);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LocalError(
      "StartFailed",
      `The role defined for the function ${description.name} cannot be assumed by Lambda: ${why}`,
      { cause },
    );
  }
};
