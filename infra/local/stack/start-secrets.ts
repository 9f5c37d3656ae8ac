import { withClientSecrets } from "../cloudformation/client-secret.ts";
import { notUnderstood } from "../cloudformation/read-template.ts";
import { type SecretsManager, startSecretsManager } from "../secrets-manager/secrets-manager.ts";
import type { Ground } from "./ground.ts";
import type { StackClient } from "./start-user-pool.ts";

/**
 * Starts Secrets Manager with the template's secrets; one may hold the secret of an app client, which Cognito has by now.
 * @throws LocalError `DataDamaged`, `TemplateNotUnderstood` (a secret, or a client that has none)
 */
export const startSecrets = (
  { identity, declared, endpoint, file }: Ground,
  clients: readonly StackClient[],
): SecretsManager => {
  const secretOf = (clientId: string): string => {
    const secret = clients.find((client) => client.clientId === clientId)?.clientSecret;
    if (secret !== undefined) return secret;
    throw notUnderstood(`the app client ${clientId} has no secret (GenerateSecret).`);
  };
  const secrets = startSecretsManager({
    file: file("secrets.sqlite"),
    region: identity.region,
    accountId: identity.accountId,
    secrets: declared.ofType("AWS::SecretsManager::Secret").map(({ physical, properties }) => {
      const { SecretString: text } = properties;
      return {
        arn: physical.ref,
        properties:
          typeof text === "string"
            ? { ...properties, SecretString: withClientSecrets(text, secretOf) }
            : properties,
      };
    }),
  });
  endpoint.register(secrets.service);
  return secrets;
};
