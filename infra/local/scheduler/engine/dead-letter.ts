// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
import type { QueueMessage } from "#local/wire/send-to-queue.ts";
import type { Death, Delivery } from "../store/delivery-table.ts";
import { type Attempt, fillIn, utcSeconds } from "./context-attributes.ts";

/** The message about a delivery that was given up: the request that failed, and why. */
export const deadLetter = (
  delivery: Delivery,
  attempt: Attempt,
  { errorCode, errorMessage, exhausted }: Death,
): Omit<QueueMessage, "queueArn"> => ({
  body: fillIn(delivery.target.Input, attempt),
  attributes: {
    ERROR_CODE: errorCode,
    // SQS takes no empty text.
    ERROR_MESSAGE: errorMessage || errorCode,
    EXECUTION_ID: attempt.executionId,
    ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
    IS_PAYLOAD_TRUNCATED: "false",
    RETRY_ATTEMPTS: String(Math.max(0, delivery.attempts - 1)),
    SCHEDULED_TIME: utcSeconds(delivery.plannedMs),
    SCHEDULE_ARN: delivery.scheduleArn,
    TARGET_ARN: delivery.target.Arn,
  },
});
