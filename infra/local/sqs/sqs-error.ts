// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
import { AwsError } from "#local/wire/aws-service.ts";

/** An error of SQS; the JSON protocol writes its namespace before it. */
export const sqsError = (code: string, message: string): AwsError =>
  new AwsError(`com.amazonaws.sqs#${code}`, message);

/** What is said of a value that a parameter cannot have. */
export const invalidParameter = (message: string): AwsError =>
  new AwsError("com.amazon.coral.service#InvalidParameterValueException", message);
