// https://docs.aws.amazon.com/iot/latest/developerguide/cloudwatch-logs-rule-action.html
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { callJson } from "#local/wire/call-json.ts";
import { CLOUDWATCH_LOGS } from "#local/wire/json-api.ts";
import { failureOfAnswer, type RuleActionFailure } from "./rule-action-failure.ts";
import { outputBytes, type RuleOutput } from "./rule-output.ts";

/** Where a rule writes a line. AWS does not say how it names the streams; here a rule has one, of its own name. */
export interface LogDestination {
  readonly group: string;
  readonly stream: string;
  readonly atMs: number;
}

/** Writes the output as one log event, and makes the stream where it is missing. */
export const putLogEvents = async (
  access: AwsAccess,
  to: LogDestination,
  output: RuleOutput,
  signal: AbortSignal,
): Promise<void> => {
  const names = { logGroupName: to.group, logStreamName: to.stream };
  const send = async (operation: string, body: unknown): Promise<RuleActionFailure | undefined> =>
    failureOfAnswer(
      await callJson(access, CLOUDWATCH_LOGS, operation, body, signal),
      `Failed to write to log group ${to.group}.`,
      "AWSLogs",
    );
  const put = () =>
    send("PutLogEvents", {
      ...names,
      logEvents: [{ timestamp: to.atMs, message: outputBytes(output).toString("utf8") }],
    });

  let failure = await put();
  if (failure?.code === "ResourceNotFoundException") {
    const unmade = await send("CreateLogStream", names);
    // Another line of the same rule may have made it meanwhile.
    if (unmade !== undefined && unmade.code !== "ResourceAlreadyExistsException") throw unmade;
    failure = await put();
  }
  if (failure !== undefined) throw failure;
};
