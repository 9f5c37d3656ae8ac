import {
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  type StartSyncExecutionCommandOutput,
} from "@aws-sdk/client-sfn";
import { isObject } from "#domain/json.ts";
import { isEndpointOverridden } from "./environment.ts";
import { traced } from "./observed.ts";
import { SDK_CLIENT } from "./sdk/sdk-client.ts";
import { settled } from "./sdk/settled.ts";

// A start that is not waited for is answered within milliseconds.
const START_MS = 10_000;

// On AWS the host is prefixed with `sync-`; localhost has no such name. Nobody waits longer than 45 s, and then the
// caller ends the call; the timeout is for a connection that has died.
const client = settled(
  traced(
    new SFNClient({
      ...SDK_CLIENT,
      disableHostPrefix: isEndpointOverridden(),
      requestHandler: { ...SDK_CLIENT.requestHandler, requestTimeout: 50_000 },
      // A second try of StartSyncExecution would be a second execution; the first write refuses it, but why ask.
      maxAttempts: 1,
    }),
  ),
);

/** How an execution ended, or what is known of it when the caller waits no longer. */
export type ExecutionEnd =
  | { readonly is: "over"; readonly output: unknown }
  | { readonly is: "broken off"; readonly error: string; readonly cause: string }
  | { readonly is: "running" }
  /** The call broke off: whether an execution began is not known. */
  | { readonly is: "not known"; readonly error: unknown };

/**
 * Runs the state machine, and waits so many milliseconds for its end; without waiting it is only started. Whoever stops
 * waiting stops nothing: an execution whose caller has gone runs on. Once waited for it runs at most once, without
 * waiting at least once.
 * https://docs.aws.amazon.com/step-functions/latest/dg/express-at-least-once-execution.html
 * @throws Error of Step Functions where it refuses the start: then nothing has begun
 */
export const runWorkflow = async (
  stateMachineArn: string,
  name: string,
  input: unknown,
  waitMs: number,
): Promise<ExecutionEnd> => {
  const start = { stateMachineArn, name, input: JSON.stringify(input) };
  try {
    if (waitMs > 0) return await waitForEnd(start, AbortSignal.timeout(waitMs));
    const abortSignal = AbortSignal.timeout(START_MS);
    await client.send(new StartExecutionCommand(start), { abortSignal });
    return { is: "running" };
  } catch (error) {
    if (isRefusal(error)) throw error;
    return { is: "not known", error };
  }
};

const waitForEnd = async (
  start: { readonly stateMachineArn: string; readonly name: string; readonly input: string },
  abortSignal: AbortSignal,
): Promise<ExecutionEnd> => {
  const command = new StartSyncExecutionCommand(start);
  // Below X-Ray's own step, which would tell of each call that is waited for no longer as of a fault. A call with options
  // is put together by itself, so that the client's cached middleware does not leave this out.
  command.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (!abortSignal.aborted) throw error;
        return { response: undefined, output: NO_END };
      }
    },
    { step: "finalizeRequest", name: "noLongerWaited", priority: "high" },
  );
  const end = await client.send(command, { abortSignal });
  if (end === NO_END) return { is: "running" };
  if (end.status === "SUCCEEDED" && end.output !== undefined) {
    return { is: "over", output: JSON.parse(end.output) as unknown };
  }
  return {
    is: "broken off",
    error: end.error ?? end.status ?? "Unknown",
    cause: end.cause ?? "",
  };
};

const NO_END: StartSyncExecutionCommandOutput = {
  executionArn: undefined,
  startDate: undefined,
  stopDate: undefined,
  status: undefined,
  $metadata: {},
};

// What Step Functions itself refuses with a 4xx has not begun; of everything else nobody knows.
const isRefusal = (error: unknown): boolean => {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500;
};

const statusOf = (error: unknown): number | undefined => {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  const { $metadata: metadata } = error;
  return isObject(metadata) && typeof metadata.httpStatusCode === "number"
    ? metadata.httpStatusCode
    : undefined;
};
