// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
import { namedSecret, type SecretsOperation } from "./operation.ts";

/** What is known of a secret, but not its value. */
export const describeSecret: SecretsOperation = {
  name: "DescribeSecret",
  understand: (input, secrets) => {
    const { resource, find } = namedSecret(input, secrets);
    return {
      permissions: [{ action: "secretsmanager:DescribeSecret", resource }],
      carryOut: () => {
        const { arn, name, description, versionId, createdMs, changedMs } = find();
        return {
          ARN: arn,
          Name: name,
          ...(description === undefined ? {} : { Description: description }),
          CreatedDate: createdMs / 1000,
          LastChangedDate: changedMs / 1000,
          VersionIdsToStages: { [versionId]: ["AWSCURRENT"] },
        };
      },
    };
  },
};
