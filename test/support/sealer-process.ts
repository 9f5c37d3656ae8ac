// One pass of the sealer, as Lambda would make it, in a process that a test can kill. What it works on is in its
// environment.
import { handler } from "../../functions/seal-records/handler.ts";

await handler(
  {},
  {
    awsRequestId: "kill-test",
    functionName: "seal-records",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:seal-records",
    memoryLimitInMB: "512",
    getRemainingTimeInMillis: () => 60_000,
  },
);
