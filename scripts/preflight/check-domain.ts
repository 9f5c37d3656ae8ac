import {
  CognitoIdentityProviderClient,
  DescribeUserPoolDomainCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type { Check } from "./check.ts";
import { bad, good } from "./finding.ts";

/** Is the address of the sign-in page free? Cognito tells those of this account. */
export const checkDomain: Check = {
  name: "domain",
  find: async ({ clientOptions, names, account, isDeployed }) => {
    if (isDeployed) return good("is the stack's own");
    if (account === undefined) {
      return { standing: "unknown", said: "not told: the account's number is in it" };
    }
    const domain = names.domainPrefix(account);
    const client = new CognitoIdentityProviderClient(clientOptions);
    const { DomainDescription: there = {} } = await client
      .send(new DescribeUserPoolDomainCommand({ Domain: domain }))
      .finally(() => client.destroy());
    if (there.UserPoolId === undefined) return good(`${domain} is free`);
    return bad(
      `${domain} belongs to the user pool ${there.UserPoolId}`,
      `aws cognito-idp delete-user-pool-domain --domain ${domain} --user-pool-id ${there.UserPoolId}`,
    );
  },
};
