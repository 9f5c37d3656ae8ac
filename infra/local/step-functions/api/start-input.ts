// What StartExecution and StartSyncExecution have in common.
import { randomUUID } from "node:crypto";
import { AwsError } from "#local/wire/aws-service.ts";
import type { Json, JsonObject } from "#local/wire/json.ts";
import type { ExecutionIdentity } from "../run/execution.ts";
import type { StateMachine } from "../store/store.ts";
import { requireArnKind } from "../values/arns.ts";
import { parseExactly } from "../values/exact-number.ts";
import { MAX_PAYLOAD_BYTES } from "../values/payload-size.ts";
import { optionalText } from "../values/request-input.ts";
import type { ServiceParts } from "./operation.ts";
import { validName } from "./valid-name.ts";

/** A request to start an execution, read. */
export interface StartInput {
  readonly stateMachine: StateMachine;
  readonly name: string;
  readonly inputText: string;
  readonly input: Json;
  readonly traceHeader?: string;
}

/** Express executions end after five minutes, whatever their definition says. */
export const EXPRESS_MAX_SECONDS = 300;

/**
 * Reads a request to start this machine.
 * @throws AwsError `InvalidArn`, `InvalidName`, `InvalidExecutionInput`, `StateMachineDoesNotExist`
 */
export const readStart = (
  arn: string,
  request: JsonObject,
  { store }: ServiceParts,
): StartInput => {
  requireArnKind(arn, "stateMachine");
  const name = validName(optionalText(request, "name") ?? randomUUID());
  const stateMachine = store.get(arn);
  const inputText = optionalText(request, "input") ?? "{}";
  if (Buffer.byteLength(inputText) > MAX_PAYLOAD_BYTES) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${MAX_PAYLOAD_BYTES}`,
    );
  }
  const input = inputOf(inputText);
  const traceHeader = optionalText(request, "traceHeader");
  return {
    stateMachine,
    name,
    inputText,
    input,
    ...(traceHeader === undefined ? {} : { traceHeader }),
  };
};

const inputOf = (text: string): Json => {
  try {
    return parseExactly(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new AwsError(
      "InvalidExecutionInput",
      `Invalid State Machine Execution Input: '${problem}'`,
    );
  }
};

/** What the execution's context object will say. */
export const identityOf = (
  start: StartInput,
  executionArn: string,
  startedAtMs: number,
): ExecutionIdentity => ({
  executionArn,
  executionName: start.name,
  stateMachineArn: start.stateMachine.arn,
  stateMachineName: start.stateMachine.name,
  roleArn: start.stateMachine.roleArn,
  startedAtMs,
  input: start.input,
});
