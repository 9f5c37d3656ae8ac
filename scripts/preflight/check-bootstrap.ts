import type { Check } from "./check.ts";
import { bad, good } from "./finding.ts";
import { stackThere } from "./stack-there.ts";

// What CDK writes into every template as the least. https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
const LEAST = 6;

/** Has the account and region the bucket and the roles that cdk deploys with? */
export const checkBootstrap: Check = {
  name: "bootstrap",
  find: async ({ clientOptions, account = "ACCOUNT", region }) => {
    const remedy = `npx cdk bootstrap aws://${account}/${region}`;
    const stack = await stackThere(clientOptions, "CDKToolkit");
    if (stack === undefined) return bad("this account and region are not prepared for cdk", remedy);
    const version = stack.Outputs?.find(
      ({ OutputKey }) => OutputKey === "BootstrapVersion",
    )?.OutputValue;
    if (!(Number(version) >= LEAST)) {
      return bad(
        `CDKToolkit has the version ${version ?? "none"}, and ${LEAST} is the least`,
        remedy,
      );
    }
    return good(`CDKToolkit, version ${version}`);
  },
};
