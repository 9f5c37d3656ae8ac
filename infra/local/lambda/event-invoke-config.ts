// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html
import * as z from "zod";
import { parseTemplate } from "#local/wire/parse-template.ts";

/** What becomes of a function's events that fail. */
export interface EventInvokeConfig {
  readonly functionName: string;
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** The queue that gets a record of each event that was given up. */
  readonly onFailureQueueArn?: string;
}

/** Lambda's own: two retries, six hours, no destination. */
export const defaultEventInvokeConfig = (functionName: string): EventInvokeConfig => ({
  functionName,
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 21_600,
});

const PROPERTIES = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal("$LATEST"),
  MaximumRetryAttempts: z.number().int().min(0).max(2).default(2),
  MaximumEventAgeInSeconds: z.number().int().min(60).max(21_600).default(21_600),
  DestinationConfig: z
    .strictObject({
      OnFailure: z
        .strictObject({
          Destination: z
            .string()
            .regex(/^arn:aws:sqs:.+(?<!\.fifo)$/, "only a standard queue is imitated"),
        })
        .optional(),
    })
    .optional(),
});

/** @throws LocalError `TemplateNotUnderstood`, e.g. for another destination than a queue */
export const parseEventInvokeConfig = (name: string, properties: unknown): EventInvokeConfig => {
  const given = parseTemplate(PROPERTIES, name, properties);
  const queueArn = given.DestinationConfig?.OnFailure?.Destination;
  return {
    // A name, or an ARN that ends with it.
    functionName: given.FunctionName.split(":").at(-1) ?? "",
    maximumRetryAttempts: given.MaximumRetryAttempts,
    maximumEventAgeSeconds: given.MaximumEventAgeInSeconds,
    ...(queueArn === undefined ? {} : { onFailureQueueArn: queueArn }),
  };
};
