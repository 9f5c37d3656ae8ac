// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolClient.html
import * as z from "zod";
import { AwsError } from "#local/wire/aws-service.ts";
import { parseInput, userPoolOperation } from "./operation.ts";

const input = z.object({ ClientId: z.string() });

/** An app client with its secret: this is how scripts get it. */
export const describeUserPoolClient = userPoolOperation(
  "DescribeUserPoolClient",
  (cognito, pool, members) => {
    const { ClientId } = parseInput(input, members);
    const client = pool.clients.get(ClientId);
    if (client === undefined) {
      throw new AwsError(
        "ResourceNotFoundException",
        `User pool client ${ClientId} does not exist.`,
      );
    }
    const { GenerateSecret: _, ...properties } = client.properties;
    return {
      UserPoolClient: {
        ...properties,
        UserPoolId: pool.poolId,
        ClientId,
        ClientName: client.name,
        ...(client.hasSecret ? { ClientSecret: cognito.secrets.clientSecret(ClientId) } : {}),
      },
    };
  },
);
