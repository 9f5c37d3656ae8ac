// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { writeFileAtomically } from "#local/wire/data-directory.ts";
import { LocalError } from "#local/wire/local-error.ts";
import { unusable } from "#local/wire/unusable-file.ts";

/** A key as the template declares it. */
export interface DeclaredKey {
  readonly logicalId: string;
  readonly id: string;
  readonly arn: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A key that can be used. */
export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly description: string;
  readonly createdAtMs: number;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The properties that a declared key may have here, and the values that they must have where these matter. */
const TAKEN: Readonly<Record<string, readonly unknown[] | undefined>> = {
  Description: undefined,
  Enabled: [true],
  KeySpec: ["ECC_NIST_EDWARDS25519"],
  KeyUsage: ["SIGN_VERIFY"],
  MultiRegion: [false],
  PendingWindowInDays: undefined,
  Tags: undefined,
};
const NEEDED = ["KeySpec", "KeyUsage"];

/** The declared keys, each from its file; a new one is made, readable by its owner alone. */
export const openKeys = (
  declared: readonly DeclaredKey[],
  file: (name: string) => string,
): readonly Key[] =>
  declared.map((key) => {
    checkProperties(key);
    return openKey(key, file(`kms-${key.id}.key`));
  });

const checkProperties = ({ logicalId, properties }: DeclaredKey): void => {
  for (const name of new Set([...Object.keys(properties), ...NEEDED])) {
    const values = TAKEN[name];
    const isTaken =
      Object.hasOwn(TAKEN, name) && (values === undefined || values.includes(properties[name]));
    if (isTaken) continue;
    throw new LocalError(
      "TemplateNotUnderstood",
      `${logicalId}: a KMS key with the ${name} ${JSON.stringify(properties[name])} is not imitated.`,
    );
  }
};

const openKey = ({ id, arn, properties }: DeclaredKey, file: string): Key => {
  try {
    if (!existsSync(file)) {
      const { privateKey } = generateKeyPairSync("ed25519");
      writeFileAtomically(file, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    }
    chmodSync(file, 0o600);
    const privateKey = createPrivateKey(readFileSync(file, "utf8"));
    if (privateKey.asymmetricKeyType !== "ed25519") throw new Error("it is no key of Ed25519");
    const { Description } = properties;
    return {
      id,
      arn,
      description: typeof Description === "string" ? Description : "",
      createdAtMs: statSync(file).mtimeMs,
      privateKey,
      publicKey: createPublicKey(privateKey),
    };
  } catch (cause) {
    throw unusable(file, cause);
  }
};
