import { AwsError } from "#local/wire/aws-service.ts";
import type { Json, JsonObject } from "#local/wire/json.ts";
import type { JsonOperation } from "#local/wire/json-service.ts";
import type { MessageTable } from "./message-table.ts";
import type { QueueSettings } from "./queue-settings.ts";
import { invalidParameter, sqsError } from "./sqs-error.ts";

/** What the operations of SQS work on. */
export interface Queues {
  readonly byName: ReadonlyMap<string, QueueSettings>;
  readonly messages: MessageTable;
  readonly nowMs: () => number;
  /** Where a queue is found. */
  url(name: string): string;
  arn(name: string): string;
  /** Resolves when something was sent to the queue, or after so long, or when the service ends. */
  waitForMessage(name: string, ms: number): Promise<void>;
  /** Something was sent to the queue. */
  announce(name: string): void;
}

/** An operation of SQS. */
export type SqsOperation = JsonOperation<Queues>;

/** The queue that a request's QueueUrl names: by its path, whatever host stands before it. */
export const queueOf = (
  input: JsonObject,
  queues: Queues,
): { readonly name: string; readonly arn: string; find(): QueueSettings } => {
  const { QueueUrl: url } = input;
  if (typeof url !== "string" || url === "") {
    throw new AwsError("MissingParameter", "The request must contain the parameter QueueUrl.");
  }
  const name = url.split("/").at(-1) ?? "";
  const arn = queues.arn(name);
  return { name, arn, find: () => findQueue(queues, name) };
};

/** @throws AwsError `QueueDoesNotExist` */
export const findQueue = (queues: Queues, name: string): QueueSettings => {
  const queue = queues.byName.get(name);
  if (queue !== undefined) return queue;
  throw sqsError("QueueDoesNotExist", "The specified queue does not exist.");
};

/** An integer of a request, within its bounds. @throws AwsError `InvalidParameterValue` */
export const integerOf = (
  input: JsonObject,
  name: string,
  bounds: { readonly least: number; readonly most: number; readonly otherwise: number },
): number => {
  const value = input[name];
  if (value === undefined || value === null) return bounds.otherwise;
  if (
    typeof value !== "number" ||
    !Number.isInteger(value) ||
    value < bounds.least ||
    value > bounds.most
  ) {
    throw invalidParameter(
      `Value ${JSON.stringify(value)} for parameter ${name} is invalid. Reason: Must be between ${bounds.least} and ${bounds.most}, if provided.`,
    );
  }
  return value;
};

/** A text of a request that must be there. @throws AwsError `MissingParameter` */
export const textOf = (input: JsonObject, name: string): string => {
  const value: Json | undefined = input[name];
  if (typeof value === "string" && value !== "") return value;
  throw new AwsError("MissingParameter", `The request must contain the parameter ${name}.`);
};
