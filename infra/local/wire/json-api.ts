// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html, https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html

/** An API that speaks AWS JSON: what its requests say of themselves. */
export interface JsonApi {
  /** SigV4's name of it. */
  readonly signingName: string;
  /** What stands before the operation's name in `x-amz-target`. */
  readonly target: string;
  readonly version: "1.0" | "1.1";
}

export const CLOUDWATCH_LOGS: JsonApi = {
  signingName: "logs",
  target: "Logs_20140328",
  version: "1.1",
};

export const DYNAMODB: JsonApi = {
  signingName: "dynamodb",
  target: "DynamoDB_20120810",
  version: "1.0",
};

export const SECRETS_MANAGER: JsonApi = {
  signingName: "secretsmanager",
  target: "secretsmanager",
  version: "1.1",
};

export const SQS: JsonApi = {
  signingName: "sqs",
  target: "AmazonSQS",
  version: "1.0",
};

export const STEP_FUNCTIONS: JsonApi = {
  signingName: "states",
  target: "AWSStepFunctions",
  version: "1.0",
};

export const USER_POOLS: JsonApi = {
  signingName: "cognito-idp",
  target: "AWSCognitoIdentityProviderService",
  version: "1.1",
};
