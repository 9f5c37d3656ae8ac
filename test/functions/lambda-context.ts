import type { LambdaContext } from "#adapters/observed.ts";

/** What Lambda hands to a handler beside the event. */
export const lambdaContext = (clientContext?: unknown): LambdaContext => ({
  awsRequestId: "request-1",
  functionName: "function",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:function",
  memoryLimitInMB: "256",
  getRemainingTimeInMillis: () => 30_000,
  ...(clientContext === undefined ? {} : { clientContext }),
});
