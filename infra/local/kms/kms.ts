// https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html
import type { AwsService } from "#local/wire/aws-service.ts";
import { KMS } from "#local/wire/json-api.ts";
import { jsonService } from "#local/wire/json-service.ts";
import { describeKey } from "./describe-key.ts";
import { getPublicKey } from "./get-public-key.ts";
import { type DeclaredKey, openKeys } from "./key-files.ts";
import { sign } from "./sign.ts";

export interface KmsOptions {
  readonly region: string;
  readonly accountId: string;
  /** The template's keys. */
  readonly keys: readonly DeclaredKey[];
  /** Full path of a key's file, which survives a restart. */
  readonly file: (name: string) => string;
}

/**
 * AWS KMS as far as signing with Ed25519 needs it: each declared key is a file of its own, made at first start.
 * @throws LocalError `TemplateNotUnderstood` for another kind of key; `DataDamaged` for a file that holds none
 */
export const createKms = ({ region, accountId, keys, file }: KmsOptions): AwsService =>
  jsonService({
    name: "KMS",
    api: KMS,
    operations: [describeKey, getPublicKey, sign],
    context: { region, accountId, keys: openKeys(keys, file) },
  });
