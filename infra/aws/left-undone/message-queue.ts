import { Duration, aws_sqs as sqs, Validations } from "aws-cdk-lib";
import type { Construct } from "constructs";

/**
 * A standard queue for what could not be done, kept for two weeks, the longest there is: encrypted by SQS, over TLS only.
 * Somebody reads it with `npm run schedule -- list`; nothing consumes it by itself.
 */
export const messageQueue = (scope: Construct, id: string): sqs.Queue => {
  const queue = new sqs.Queue(scope, id, {
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  Validations.of(queue).acknowledge({
    id: "AwsSolutions::AwsSolutions-SQS3",
    reason: "It is a queue for dead letters itself: of EventBridge Scheduler, or of a function.",
  });
  return queue;
};
