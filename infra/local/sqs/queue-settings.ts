// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
import * as z from "zod";
import { parseTemplate } from "#local/wire/parse-template.ts";

/** A queue as the template describes it. */
export interface QueueSettings {
  readonly name: string;
  readonly arn: string;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly delaySeconds: number;
  readonly maximumMessageBytes: number;
  readonly waitSeconds: number;
}

const seconds = (least: number, most: number, otherwise: number) =>
  z.coerce.number().int().min(least).max(most).default(otherwise);

// Encryption at rest and tags change nothing that a client sees.
const PROPERTIES = z.strictObject({
  QueueName: z.string().optional(),
  VisibilityTimeout: seconds(0, 43_200, 30),
  MessageRetentionPeriod: seconds(60, 1_209_600, 345_600),
  DelaySeconds: seconds(0, 900, 0),
  MaximumMessageSize: seconds(1024, 1_048_576, 1_048_576),
  ReceiveMessageWaitTimeSeconds: seconds(0, 20, 0),
  SqsManagedSseEnabled: z.boolean().optional(),
  KmsMasterKeyId: z.string().optional(),
  KmsDataKeyReusePeriodSeconds: z.number().optional(),
  Tags: z.array(z.unknown()).optional(),
});

/**
 * Reads the properties of a standard queue.
 * @throws LocalError `TemplateNotUnderstood`, e.g. for a FIFO queue or a redrive policy
 */
export const parseQueue = (name: string, arn: string, properties: unknown): QueueSettings => {
  const given = parseTemplate(PROPERTIES, `Queue ${name}`, properties);
  return {
    name,
    arn,
    visibilityTimeoutSeconds: given.VisibilityTimeout,
    retentionSeconds: given.MessageRetentionPeriod,
    delaySeconds: given.DelaySeconds,
    maximumMessageBytes: given.MaximumMessageSize,
    waitSeconds: given.ReceiveMessageWaitTimeSeconds,
  };
};
