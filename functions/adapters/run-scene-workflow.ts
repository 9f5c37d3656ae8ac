import { SFNClient, StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import { isEndpointOverridden, SDK_CLIENT } from "./environment.ts";
import { traced } from "./observed.ts";

// On AWS the host is prefixed with `sync-`; localhost has no such name. A run may take as long as Express lets it: 5 min.
const client = traced(
  new SFNClient({
    ...SDK_CLIENT,
    disableHostPrefix: isEndpointOverridden(),
    requestHandler: { requestTimeout: 305_000 },
    // A second try of StartSyncExecution would be a second execution; the first write refuses it, but why ask.
    maxAttempts: 1,
  }),
);

/** How an execution ended. */
export type ExecutionEnd =
  | { readonly succeeded: true; readonly output: unknown }
  | { readonly succeeded: false; readonly error: string; readonly cause: string };

/** Runs the state machine to its end, at most once. */
export const runWorkflow = async (
  stateMachineArn: string,
  name: string,
  input: unknown,
): Promise<ExecutionEnd> => {
  const end = await client.send(
    new StartSyncExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
  );
  if (end.status === "SUCCEEDED" && end.output !== undefined) {
    return { succeeded: true, output: JSON.parse(end.output) as unknown };
  }
  return {
    succeeded: false,
    error: end.error ?? end.status ?? "Unknown",
    cause: end.cause ?? "",
  };
};
