// https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html
import { findKey, KEY_SPEC, type KmsOperation, keyArn, SIGNING_ALGORITHMS } from "./operation.ts";

/** A key's public half, DER in the form of RFC 5280. @throws AwsError `NotFoundException` */
export const getPublicKey: KmsOperation = {
  name: "GetPublicKey",
  understand: (input, context) => ({
    permissions: [{ action: "kms:GetPublicKey", resource: keyArn(context, input) }],
    carryOut: () => {
      const { arn, publicKey } = findKey(context, input);
      return {
        KeyId: arn,
        PublicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
        CustomerMasterKeySpec: KEY_SPEC,
        KeySpec: KEY_SPEC,
        KeyUsage: "SIGN_VERIFY",
        SigningAlgorithms: SIGNING_ALGORITHMS,
      };
    },
  }),
};
