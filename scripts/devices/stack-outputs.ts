import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import {
  type CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type { IoTClientConfig } from "@aws-sdk/client-iot";
import type { ClientName, SignIn } from "../command/endpoints.ts";
import { Problem } from "../command/problem.ts";

/** What any client of AWS's SDK is made with. */
export type ClientOptions = Pick<
  IoTClientConfig,
  "endpoint" | "region" | "credentials" | "profile"
>;

/** What a stack says of itself: its outputs, by their names. */
export interface StackOutputs {
  readonly stackName: string;
  /** @throws Problem when the stack has no such output */
  output(name: string): string;
  /** One that not every stack has. */
  find(name: string): string | undefined;
}

/** Reads a stack's outputs. @throws Problem when it is not deployed there */
export const readOutputs = async (
  options: ClientOptions,
  stackName: string,
): Promise<StackOutputs> => {
  const client = new CloudFormationClient(options);
  const { Stacks = [] } = await client
    .send(new DescribeStacksCommand({ StackName: stackName }))
    .catch((cause: unknown) => {
      throw new Problem(
        `The stack ${stackName} cannot be looked up: ${cause instanceof Error ? cause.message : String(cause)}. Check account and region (--profile, --region, or AWS_PROFILE, AWS_REGION), the stack's name (--stack), and that it is deployed: npm run deploy`,
        { cause },
      );
    })
    .finally(() => client.destroy());
  const outputs = new Map(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [
      OutputKey,
      OutputValue,
    ]),
  );
  const find = (name: string): string | undefined => outputs.get(name);
  return {
    stackName,
    find,
    output: (name) => {
      const value = find(name);
      if (value !== undefined) return value;
      throw new Problem(
        `The stack ${stackName} has no output ${name}: it was deployed from an older version. Deploy it again: npm run deploy`,
      );
    },
  };
};

const ID_OUTPUTS: Readonly<Record<ClientName, string>> = {
  machine: "MachineClientId",
  claudeWeb: "ClaudeWebClientId",
  local: "LocalClientId",
};

/**
 * Where people and machines sign in to a stack, by its outputs; secrets, which no output holds, are asked of Cognito, and
 * of the named clients alone.
 * @throws Problem when one of these has none
 */
export const signInOfStack = async (
  { output }: StackOutputs,
  cognito: CognitoIdentityProviderClient,
  withSecret: readonly ClientName[],
): Promise<SignIn> => {
  const client = async (name: ClientName) => {
    const clientId = output(ID_OUTPUTS[name]);
    if (!withSecret.includes(name)) return { clientId };
    const { UserPoolClient } = await cognito.send(
      new DescribeUserPoolClientCommand({
        UserPoolId: output("UserPoolId"),
        ClientId: clientId,
      }),
    );
    const clientSecret = UserPoolClient?.ClientSecret;
    if (clientSecret === undefined) {
      throw new Problem(`The app client ${clientId} has no secret. Nothing was changed.`);
    }
    return { clientId, clientSecret };
  };
  const [machine, claudeWeb, local] = await Promise.all([
    client("machine"),
    client("claudeWeb"),
    client("local"),
  ]);
  return {
    gateway: { url: mcpUrl(output("GatewayUrl")) },
    cognito: {
      issuer: output("Issuer"),
      domain: output("SignInDomain"),
      clients: { machine, claudeWeb, local },
    },
  };
};

/** Where MCP clients call: sources disagree whether the URL that CloudFormation gives ends so already. */
export const mcpUrl = (gatewayUrl: string): string => {
  const bare = gatewayUrl.replace(/\/+$/, "");
  return bare.endsWith("/mcp") ? bare : `${bare}/mcp`;
};
