// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
import { randomBytes } from "node:crypto";
import { Duplex } from "node:stream";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { cutOut } from "./cut-out.ts";
import { exitError, killGroup, spawnBootstrap } from "./environment-process.ts";
import {
  type FunctionDescription,
  failure,
  type Invocation,
  type InvocationResult,
} from "./function-description.ts";
import { environmentLog, type FunctionLog } from "./function-log.ts";
import { letHouseGoFirst } from "./process-priority.ts";
import { type CallEnd, MAX_RESPONSE_BYTES, openRuntimeChannel } from "./runtime-channel.ts";
import type { Watchdog } from "./watchdog.ts";

/** One process that runs one call of a function at a time. */
export interface Environment {
  /** Runs a call. Only while it is idle. */
  run(invocation: Invocation, done: (result: InvocationResult) => void): void;
  /** Kills the process; resolves when it is gone. */
  end(): Promise<void>;
}

/** What an environment tells its pool. */
export interface EnvironmentEvents {
  /** Ready for a call: after its init, and after each call. */
  idle(environment: Environment): void;
  /** Gone. `initFailure` when it never got ready: what the call that waited for it is told. */
  ended(environment: Environment, initFailure?: (requestId: string) => InvocationResult): void;
}

interface Job {
  readonly invocation: Invocation;
  readonly done: (result: InvocationResult) => void;
  readonly startedAtMs: number;
  readonly timer: NodeJS.Timeout;
}

// Lambda gives the init ten seconds of its own, and then the function's time.
const INIT_MS = 10_000;
// Should the mark of the end get lost, the log's last lines wait no longer than this.
const UNMARKED_END_MS = 250;

/** Starts a process for the function, with nothing of this process's environment. */
export const startEnvironment = (
  description: FunctionDescription,
  setup: {
    readonly access: AwsAccess;
    readonly watchdog: Watchdog;
    readonly log: FunctionLog;
    readonly logStreamName: string;
    /** After how long without a call it gives back what it does not need at rest. */
    readonly restMs: number;
  },
  events: EnvironmentEvents,
): Environment => {
  const { watchdog } = setup;
  const log = environmentLog(setup.log);
  const spawnedAtMs = performance.now();
  let isReady = false;
  let job: Job | undefined;
  let initMs: number | undefined;
  let initReported = false;
  let maxMemoryKb = 0;
  let initFailure: ((requestId: string) => InvocationResult) | undefined;
  let isDying = false;
  let isGone = false;
  let reachedEnd = false;
  let writeEnd: (() => void) | undefined;

  const token = randomBytes(24).toString("base64url");
  const child = spawnBootstrap(description, {
    access: setup.access,
    token,
    logStreamName: setup.logStreamName,
    restMs: setup.restMs,
  });
  const becomeIdle = (): void => {
    // A process that was killed, or says that it dies, may have sent an answer before.
    if (isDying) return;
    isReady = true;
    events.idle(environment);
  };
  const hear = (end: CallEnd): void => {
    maxMemoryKb = end.maxMemoryKb;
    reachedEnd ||= !end.isMarked;
  };
  const pipe = child.stdio[3];
  if (!(pipe instanceof Duplex)) throw new Error("The process was started without its channel");
  const channel = openRuntimeChannel(pipe, {
    ready: () => {
      initMs = performance.now() - spawnedAtMs;
      clearTimeout(initTimer);
      becomeIdle();
    },
    responded: (requestId, payload, end) => {
      hear(end);
      finish(
        requestId,
        payload === undefined
          ? failure(
              "Function.ResponseSizeTooLarge",
              `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
            )
          : { failed: false, payload },
      );
      becomeIdle();
    },
    failed: (requestId, error, end) => {
      hear(end);
      finish(requestId, { failed: true, payload: error });
      becomeIdle();
    },
    died: (requestId, error, memoryKb) => {
      isDying = true;
      maxMemoryKb = memoryKb;
      finish(requestId, { failed: true, payload: error });
    },
    initFailed: (error) => {
      initFailure = () => ({ failed: true, payload: error });
      kill();
    },
  });

  const { pid } = child;
  if (pid !== undefined) {
    watchdog.watch(pid);
    void letHouseGoFirst(pid);
  }
  child.stdout?.setEncoding("utf8");
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (chunk: string) => log.print(chunk));
  child.stdout?.on(
    "data",
    cutOut(`\0${token}\n`, {
      text: (text) => log.print(text),
      mark: () => {
        reachedEnd = true;
        writeEnd?.();
      },
    }),
  );
  const gone = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      initFailure ??= () => failure("Runtime.InvalidEntrypoint", error.message);
      onGone(null, null);
      resolve();
    });
    // What the handler started goes with it; else it would hold the pipes open.
    child.once("exit", () => kill());
    // `close` comes after the last of what it printed.
    child.once("close", (code, signal) => {
      onGone(code, signal);
      resolve();
    });
  });
  const initTimer = setTimeout(
    () => {
      initFailure = timedOut;
      kill();
    },
    INIT_MS + description.timeoutSeconds * 1000,
  );

  const why = `Task timed out after ${description.timeoutSeconds.toFixed(2)} seconds`;
  const timedOut = (requestId: string): InvocationResult =>
    failure("Sandbox.Timedout", `RequestId: ${requestId} Error: ${why}`);

  const kill = (): void => {
    isDying = true;
    // The whole group: also what the handler started.
    if (pid !== undefined) killGroup(pid);
  };

  const finish = (requestId: string, result: InvocationResult, status?: string): void => {
    if (job === undefined || job.invocation.requestId !== requestId) return;
    const { invocation, done, startedAtMs, timer } = job;
    const durationMs = performance.now() - startedAtMs;
    clearTimeout(timer);
    job = undefined;
    const report = {
      requestId,
      durationMs,
      memorySizeMb: description.memorySizeMb,
      maxMemoryKb,
      ...(initReported || initMs === undefined ? {} : { initMs }),
      ...(status === undefined ? {} : { status }),
    };
    initReported = true;
    const unmarked = setTimeout(() => writeEnd?.(), UNMARKED_END_MS);
    writeEnd = () => {
      writeEnd = undefined;
      clearTimeout(unmarked);
      const logTail = log.ended(report);
      if (invocation.tail) done({ ...result, logTail });
    };
    if (reachedEnd) writeEnd();
    if (!invocation.tail) done(result);
  };

  const onGone = (code: number | null, signal: NodeJS.Signals | null): void => {
    if (isGone) return;
    isGone = true;
    clearTimeout(initTimer);
    if (pid !== undefined) watchdog.forget(pid);
    const exited = (requestId: string): InvocationResult => exitError(requestId, code, signal);
    if (job !== undefined)
      finish(job.invocation.requestId, exited(job.invocation.requestId), "error");
    writeEnd?.();
    events.ended(environment, initMs === undefined ? (initFailure ?? exited) : undefined);
  };

  const environment: Environment = {
    run: (invocation, done) => {
      if (!isReady || job !== undefined) throw new Error("The environment is not idle");
      isReady = false;
      writeEnd?.();
      reachedEnd = false;
      const { requestId, clientContext, traceId, payload } = invocation;
      const timeoutMs = description.timeoutSeconds * 1000;
      const onTimeout = (): void => {
        log.print(`${new Date().toISOString()} ${requestId} ${why}\n`);
        finish(requestId, timedOut(requestId), "timeout");
        kill();
      };
      job = {
        invocation,
        done,
        startedAtMs: performance.now(),
        timer: setTimeout(onTimeout, timeoutMs),
      };
      log.started(requestId);
      channel.give(
        {
          requestId,
          deadlineMs: Date.now() + timeoutMs,
          functionArn: description.arn,
          traceId,
          ...(clientContext === undefined ? {} : { clientContext }),
        },
        payload,
      );
    },
    end: () => {
      kill();
      return gone;
    },
  };
  return environment;
};
