import { AwsError } from "#local/wire/aws-service.ts";
import type { JsonObject } from "#local/wire/json.ts";
import type { JsonOperation } from "#local/wire/json-service.ts";
import type { Key } from "./key-files.ts";

export interface KmsContext {
  readonly region: string;
  readonly accountId: string;
  readonly keys: readonly Key[];
}

/** An operation of KMS. */
export type KmsOperation = JsonOperation<KmsContext>;

/** What both say that a key of Ed25519 can do. */
export const KEY_SPEC = "ECC_NIST_EDWARDS25519";
export const SIGNING_ALGORITHMS = ["ED25519_SHA_512", "ED25519_PH_SHA_512"] as const;

/** The ARN of the key that a request names by id or by ARN; it need not exist. */
export const keyArn = ({ region, accountId }: KmsContext, input: JsonObject): string => {
  const { KeyId } = input;
  if (typeof KeyId !== "string" || KeyId === "") {
    throw new AwsError(
      "ValidationException",
      "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
    );
  }
  if (/^(?:arn:[^:]*:kms:[^:]*:\d*:)?alias\//.test(KeyId)) {
    throw new AwsError("NotFoundException", `Alias ${KeyId} is not found.`);
  }
  return KeyId.startsWith("arn:") ? KeyId : `arn:aws:kms:${region}:${accountId}:key/${KeyId}`;
};

/** @throws AwsError `NotFoundException` */
export const findKey = (context: KmsContext, input: JsonObject): Key => {
  const arn = keyArn(context, input);
  const key = context.keys.find((one) => one.arn === arn);
  if (key !== undefined) return key;
  throw new AwsError("NotFoundException", `Key '${arn}' does not exist`);
};
