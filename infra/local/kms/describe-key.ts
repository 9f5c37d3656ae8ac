// https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
import { findKey, KEY_SPEC, type KmsOperation, keyArn, SIGNING_ALGORITHMS } from "./operation.ts";

/** What a key is. @throws AwsError `NotFoundException` */
export const describeKey: KmsOperation = {
  name: "DescribeKey",
  understand: (input, context) => ({
    permissions: [{ action: "kms:DescribeKey", resource: keyArn(context, input) }],
    carryOut: () => {
      const { id, arn, description, createdAtMs } = findKey(context, input);
      return {
        KeyMetadata: {
          AWSAccountId: context.accountId,
          KeyId: id,
          Arn: arn,
          CreationDate: createdAtMs / 1000,
          Enabled: true,
          Description: description,
          KeyUsage: "SIGN_VERIFY",
          KeyState: "Enabled",
          Origin: "AWS_KMS",
          KeyManager: "CUSTOMER",
          CustomerMasterKeySpec: KEY_SPEC,
          KeySpec: KEY_SPEC,
          SigningAlgorithms: SIGNING_ALGORITHMS,
          MultiRegion: false,
        },
      };
    },
  }),
};
