// https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
import { sign as signEd25519 } from "node:crypto";
import { AwsError } from "#local/wire/aws-service.ts";
import { findKey, type KmsOperation, keyArn } from "./operation.ts";

const MOST_BYTES = 4096;

/**
 * Signs a message with plain Ed25519. That with SHA-512 before it (ED25519_PH_SHA_512, MessageType DIGEST) is not imitated.
 * @throws AwsError `NotFoundException`, `ValidationException`, `InvalidKeyUsageException`, `NotEmulated`
 */
export const sign: KmsOperation = {
  name: "Sign",
  understand: (input, context) => ({
    permissions: [
      {
        action: "kms:Sign",
        resource: keyArn(context, input),
        context: {
          "kms:SigningAlgorithm": String(input.SigningAlgorithm),
          "kms:MessageType": String(input.MessageType ?? "RAW"),
        },
      },
    ],
    carryOut: () => {
      const { arn, privateKey } = findKey(context, input);
      const { Message, MessageType = "RAW", SigningAlgorithm } = input;
      if (SigningAlgorithm === "ED25519_PH_SHA_512" || MessageType !== "RAW") {
        throw new AwsError(
          "NotEmulated",
          "The local stack signs with ED25519_SHA_512 and MessageType RAW alone.",
          { status: 501 },
        );
      }
      if (SigningAlgorithm !== "ED25519_SHA_512") {
        throw new AwsError(
          "InvalidKeyUsageException",
          `Algorithm ${String(SigningAlgorithm)} is incompatible with key spec ECC_NIST_EDWARDS25519.`,
        );
      }
      const message =
        typeof Message === "string" ? Buffer.from(Message, "base64") : Buffer.alloc(0);
      if (message.length < 1 || message.length > MOST_BYTES) {
        throw new AwsError(
          "ValidationException",
          `1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length between 1 and ${MOST_BYTES}, inclusive`,
        );
      }
      return {
        KeyId: arn,
        Signature: signEd25519(null, message, privateKey).toString("base64"),
        SigningAlgorithm,
      };
    },
  }),
};
