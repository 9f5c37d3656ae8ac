import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { traced } from "#adapters/observed.ts";
import { SDK_CLIENT } from "#adapters/sdk/sdk-client.ts";
import { HomeError } from "#domain/home-error.ts";
import { parseJsonObject } from "#domain/json.ts";

const client = traced(new SecretsManagerClient(SDK_CLIENT));

/** By what the machine client signs in. */
export interface MachineSecret {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * The machine client's id and secret. Read for each token, that is about once an hour, so that one which was changed is
 * found without a new process.
 * @throws HomeError `SignInFailed` when it is not what the stack stores
 */
export const readMachineSecret = async (secretArn: string): Promise<MachineSecret> => {
  const { SecretString = "" } = await client.send(
    new GetSecretValueCommand({ SecretId: secretArn }),
  );
  const secret = parseJsonObject(SecretString);
  if (typeof secret?.clientId !== "string" || typeof secret.clientSecret !== "string") {
    throw new HomeError("SignInFailed", "The machine client's secret has not its two members.");
  }
  return { clientId: secret.clientId, clientSecret: secret.clientSecret };
};
