// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
import { namedSecret, notFound, type SecretsOperation } from "./operation.ts";

/** The value of a secret. There is one version, AWSCURRENT. */
export const getSecretValue: SecretsOperation = {
  name: "GetSecretValue",
  understand: (input, secrets) => {
    const { resource, find } = namedSecret(input, secrets);
    return {
      permissions: [{ action: "secretsmanager:GetSecretValue", resource }],
      carryOut: () => {
        const { arn, name, versionId, value, changedMs } = find();
        const { VersionId: version, VersionStage: stage } = input;
        if (stage !== undefined && stage !== "AWSCURRENT") {
          throw notFound(
            `Secrets Manager can't find the specified secret value for staging label: ${String(stage)}`,
          );
        }
        if (version !== undefined && version !== versionId) {
          throw notFound(
            `Secrets Manager can't find the specified secret value for VersionId: ${String(version)}`,
          );
        }
        return {
          ARN: arn,
          Name: name,
          VersionId: versionId,
          SecretString: value,
          VersionStages: ["AWSCURRENT"],
          CreatedDate: changedMs / 1000,
        };
      },
    };
  },
};
