import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Check } from "./check.ts";
import { bad, good } from "./finding.ts";

// A run holds a function for its whole length, and others of it come and go: with the 10 of a new account three runs at
// once keep everybody from signing in.
const ENOUGH = 100;

/** May enough functions run at once? */
export const checkConcurrency: Check = {
  name: "concurrency",
  find: async ({ clientOptions, region }) => {
    const client = new LambdaClient(clientOptions);
    const { AccountLimit } = await client
      .send(new GetAccountSettingsCommand({}))
      .finally(() => client.destroy());
    const { ConcurrentExecutions: most = 0 } = AccountLimit ?? {};
    if (most >= ENOUGH) return good(`${most} functions at once`);
    return bad(
      `${most} functions at once; three or four runs would throttle everything, sign-in included`,
      // "Concurrent executions": https://docs.aws.amazon.com/general/latest/gr/lambda-service.html
      `aws service-quotas request-service-quota-increase --region ${region} --service-code lambda --quota-code L-B99A9384 --desired-value 1000`,
    );
  },
};
