import { DescribeUserPoolClientCommand } from "@aws-sdk/client-cognito-identity-provider";
import { readEndpoints } from "../command/endpoints.ts";
import type { MachineEndpoints } from "../command/home-client.ts";
import { Problem } from "../command/problem.ts";
import type { Registry } from "../devices/registry.ts";

/** Where a stack's machine client signs in and calls. @throws Problem when the house is down, or the client has no secret */
export const machineOf = async (
  registry: Registry,
  { aws, data }: { readonly aws: boolean; readonly data: string },
): Promise<MachineEndpoints> => {
  if (!aws) {
    const endpoints = readEndpoints(data);
    if (endpoints !== undefined) return endpoints;
    throw new Problem(`The house on ${data} went down meanwhile. Nothing was changed.`);
  }
  const { userPoolId: UserPoolId, machineClientId: ClientId } = registry;
  const { UserPoolClient: client } = await registry.cognito.send(
    new DescribeUserPoolClientCommand({ UserPoolId, ClientId }),
  );
  if (client?.ClientSecret === undefined) {
    throw new Problem(`The machine client ${ClientId} has no secret. Nothing was changed.`);
  }
  return {
    gateway: { url: registry.output("GatewayUrl") },
    cognito: {
      domain: registry.output("SignInDomain"),
      clients: { machine: { clientId: ClientId, clientSecret: client.ClientSecret } },
    },
  };
};
