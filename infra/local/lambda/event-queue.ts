// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { AwsError } from "#local/wire/aws-service.ts";
import { sendToQueue } from "#local/wire/send-to-queue.ts";
import { defaultEventInvokeConfig, type EventInvokeConfig } from "./event-invoke-config.ts";
import type { EventTable, GivenUp, WaitingEvent } from "./event-table.ts";
import type { FunctionDescription, Invocation, InvocationResult } from "./function-description.ts";
import type { FunctionPools } from "./function-pool.ts";
import { invocationRecord } from "./invocation-record.ts";

/** Calls that nobody waits for: kept on disk until they are handled or given up. */
export interface EventQueue {
  /** Takes an event up; it is on disk when this returns. */
  accept(description: FunctionDescription, invocation: Invocation): void;
  /** Goes on with what an earlier process left. */
  resume(): void;
  /** Takes nothing up any more; what is not done stays on disk. */
  close(): void;
}

const THROTTLED_RETRY_MS = 250;
const RECORD_RETRY_MS = 10_000;
// A timer counts the time that the machine is awake: none is trusted for longer.
const LONGEST_PAUSE_MS = 60_000;

export const eventQueue = (options: {
  readonly pools: Pick<FunctionPools, "invoke">;
  readonly functions: ReadonlyMap<string, FunctionDescription>;
  readonly configs: readonly EventInvokeConfig[];
  readonly table: EventTable;
  /** Credentials of a function's role, which sends the record. */
  readonly access: (roleArn: string) => AwsAccess;
  /** Before the first retry, and before the second. */
  readonly retryDelaysMs: readonly number[];
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
}): EventQueue => {
  const { pools, functions, table, retryDelaysMs, nowMs, log } = options;
  const configs = new Map(options.configs.map((config) => [config.functionName, config]));
  const stopping = new AbortController();

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        stopping.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      timer.unref();
      stopping.signal.addEventListener("abort", done);
    });
  // No longer than a retry ever waits, whatever the clock was set to meanwhile.
  const longestMs = Math.max(THROTTLED_RETRY_MS, ...retryDelaysMs);
  const until = async (dueMs: number): Promise<void> => {
    let leftMs = Math.min(dueMs - nowMs(), longestMs);
    while (!stopping.signal.aborted && leftMs > 0) {
      const pauseMs = Math.min(leftMs, LONGEST_PAUSE_MS);
      await pause(pauseMs);
      leftMs = Math.min(leftMs - pauseMs, dueMs - nowMs());
    }
  };

  /** One try; none when the function runs as often as it may. */
  const attempt = async (
    description: FunctionDescription,
    invocation: Invocation,
  ): Promise<InvocationResult | "throttled"> => {
    try {
      return await pools.invoke(description, { ...invocation, isEvent: true });
    } catch (error) {
      if (error instanceof AwsError && error.code === "TooManyRequestsException")
        return "throttled";
      throw error;
    }
  };

  /** Sends the record where there is a destination; only then the event is done. */
  const record = async (
    description: FunctionDescription,
    event: WaitingEvent,
    givenUp: GivenUp,
    queueArn: string,
  ): Promise<void> => {
    const body = invocationRecord(event, description.arn, givenUp, nowMs());
    while (!stopping.signal.aborted) {
      try {
        const access = options.access(description.roleArn);
        const answer = await sendToQueue(access, { queueArn, body }, stopping.signal);
        if (answer.status < 500 || answer.status === 501) {
          if (answer.status !== 200) {
            log(
              `Lambda: the record of the event ${event.invocation.requestId} of ${description.name} is lost, its destination refuses it: ${answer.body.toString("utf8")}`,
            );
          }
          table.remove(event.id);
          return;
        }
      } catch (error) {
        if (stopping.signal.aborted) return;
        log(`Lambda: the destination ${queueArn} is not reached: ${String(error)}`);
      }
      await pause(RECORD_RETRY_MS);
    }
  };

  const giveUp = async (
    description: FunctionDescription,
    event: WaitingEvent,
    givenUp: GivenUp,
  ): Promise<void> => {
    log(
      `Lambda: the event ${event.invocation.requestId} of ${description.name} failed (${givenUp.condition}).`,
    );
    const queueArn = configs.get(description.name)?.onFailureQueueArn;
    if (queueArn === undefined) {
      table.remove(event.id);
      return;
    }
    table.update({ ...event, givenUp });
    await record(description, event, givenUp, queueArn);
  };

  /** Until it works, or as often as the function's configuration says; a throttled try does not count. */
  const handle = async (
    description: FunctionDescription,
    accepted: WaitingEvent,
  ): Promise<void> => {
    const config = configs.get(description.name) ?? defaultEventInvokeConfig(description.name);
    const endMs = accepted.acceptedMs + config.maximumEventAgeSeconds * 1000;
    let event = accepted;
    for (;;) {
      await until(event.dueMs);
      if (stopping.signal.aborted) return;
      if (nowMs() > endMs) return giveUp(description, event, { condition: "EventAgeExceeded" });
      const result = await attempt(description, event.invocation);
      if (result !== "throttled" && !result.failed) {
        table.remove(event.id);
        return;
      }
      // A process that was ended with the house has not failed.
      if (stopping.signal.aborted) return;
      if (result === "throttled") {
        event = { ...event, dueMs: nowMs() + THROTTLED_RETRY_MS };
        continue;
      }
      event = { ...event, attempts: event.attempts + 1 };
      const response = result.payload.toString("utf8");
      if (event.attempts > config.maximumRetryAttempts) {
        return giveUp(description, event, { condition: "RetriesExhausted", response });
      }
      event = { ...event, dueMs: nowMs() + (retryDelaysMs[event.attempts - 1] ?? 0) };
      table.update(event);
    }
  };

  const take = (event: WaitingEvent): void => {
    const { functionName, givenUp } = event;
    const description = functions.get(functionName);
    const queueArn = configs.get(functionName)?.onFailureQueueArn;
    if (description === undefined || (givenUp !== undefined && queueArn === undefined)) {
      log(
        `Lambda: the event ${event.invocation.requestId} of ${functionName} is dropped: the template has no such function or destination any more.`,
      );
      table.remove(event.id);
      return;
    }
    const handled =
      givenUp === undefined || queueArn === undefined
        ? handle(description, event)
        : record(description, event, givenUp, queueArn);
    handled.catch((error: unknown) => {
      if (stopping.signal.aborted) return;
      log(
        `Lambda: the event ${event.invocation.requestId} of ${functionName} waits for the next start: ${String(error)}`,
      );
    });
  };

  return {
    accept: ({ name }, invocation) => {
      const at = nowMs();
      take(table.add({ functionName: name, invocation, acceptedMs: at, dueMs: at, attempts: 0 }));
    },
    resume: () => {
      for (const event of table.all()) take(event);
    },
    close: () => stopping.abort(),
  };
};
