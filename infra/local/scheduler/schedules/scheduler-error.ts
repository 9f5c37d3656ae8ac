// https://docs.aws.amazon.com/scheduler/latest/APIReference/CommonErrors.html
import { AwsError } from "#local/wire/aws-service.ts";

// The statuses of the service's model (2021-06-30).
const STATUS = {
  ValidationException: 400,
  ServiceQuotaExceededException: 402,
  ResourceNotFoundException: 404,
  ConflictException: 409,
} as const;

/** An error of the Scheduler. Its model calls the text `Message`, where other REST services say `message`. */
export const schedulerError = (
  code: keyof typeof STATUS,
  message: string,
  cause?: unknown,
): AwsError =>
  new AwsError(code, message, {
    status: STATUS[code],
    fields: { message: undefined, Message: message },
    cause,
  });

/** What is said of a request with something wrong in it. */
export const invalid = (message: string, cause?: unknown): AwsError =>
  schedulerError("ValidationException", message, cause);
