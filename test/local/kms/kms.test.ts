import { createPublicKey, verify } from "node:crypto";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  ListKeysCommand,
  SignCommand,
} from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createKms, type KmsOptions } from "#local/kms/kms.ts";
import {
  ACCOUNT,
  REGION,
  role,
  startTestEndpoint,
  type TestEndpoint,
} from "../endpoint/test-endpoint.ts";

const ID = "11111111-2222-3333-4444-555555555555";
const ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${ID}`;
const directory = mkdtempSync(join(tmpdir(), "kms-"));
const KEY = {
  logicalId: "Key",
  id: ID,
  arn: ARN,
  properties: { KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY", Description: "Heads." },
} as const;
const kms = (more: Partial<KmsOptions> = {}) =>
  createKms({
    region: REGION,
    accountId: ACCOUNT,
    keys: [KEY],
    file: (name) => join(directory, name),
    ...more,
  });

let endpoint: TestEndpoint;
let client: KMSClient;
beforeAll(async () => {
  endpoint = await startTestEndpoint([
    role("signs", [
      {
        Effect: "Allow",
        Action: "kms:Sign",
        Resource: ARN,
        Condition: { StringEquals: { "kms:SigningAlgorithm": "ED25519_SHA_512" } },
      },
    ]),
  ]);
  endpoint.register(kms());
  client = new KMSClient(endpoint.client);
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
  rmSync(directory, { recursive: true, force: true });
});

const message = new TextEncoder().encode("smarthome.home\n1\nroot\n");
const signed = { KeyId: ID, Message: message, MessageType: "RAW" } as const;
const publicKey = async () => {
  const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: ARN }));
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: "der", type: "spki" });
};

// REQ: head-signed-after
test("a message is signed with plain Ed25519, which anybody verifies with the public key", async () => {
  const { Signature, KeyId } = await client.send(
    new SignCommand({ ...signed, SigningAlgorithm: "ED25519_SHA_512" }),
  );

  expect(KeyId).toBe(ARN);
  const key = await publicKey();
  expect(key.asymmetricKeyType).toBe("ed25519");
  expect(verify(null, message, key, Signature ?? new Uint8Array())).toBe(true);
  expect(verify(null, message.slice(1), key, Signature ?? new Uint8Array())).toBe(false);
});

test("a key says what it is", async () => {
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: ARN }));

  expect(KeyMetadata).toMatchObject({
    KeyId: ID,
    Arn: ARN,
    Description: "Heads.",
    KeySpec: "ECC_NIST_EDWARDS25519",
    KeyUsage: "SIGN_VERIFY",
    KeyState: "Enabled",
    SigningAlgorithms: ["ED25519_SHA_512", "ED25519_PH_SHA_512"],
  });
});

test("a key is the same after a restart, and readable by its owner alone", async () => {
  const before = await publicKey();

  endpoint.register(kms());

  expect((await publicKey()).equals(before)).toBe(true);
  expect(statSync(join(directory, `kms-${ID}.key`)).mode & 0o777).toBe(0o600);
});

describe("what is not imitated, or not right, is refused by name", () => {
  test.each([
    ["another key", { KeyId: ID.replace("1", "9") }, "NotFoundException"],
    ["an alias", { KeyId: "alias/log" }, "NotFoundException"],
    ["the other algorithm", { SigningAlgorithm: "ED25519_PH_SHA_512" }, "NotEmulated"],
    ["a hash", { MessageType: "DIGEST" }, "NotEmulated"],
    ["RSA", { SigningAlgorithm: "RSASSA_PSS_SHA_256" }, "InvalidKeyUsageException"],
    ["too long a message", { Message: new Uint8Array(4097) }, "ValidationException"],
  ] as const)("%s", async (_, more, name) => {
    const sign = new SignCommand({ ...signed, SigningAlgorithm: "ED25519_SHA_512", ...more });

    await expect(client.send(sign)).rejects.toMatchObject({ name });
  });

  test("another operation", async () => {
    await expect(client.send(new ListKeysCommand({}))).rejects.toMatchObject({
      name: "NotEmulated",
    });
  });

  test.each([
    [{ KeySpec: "SYMMETRIC_DEFAULT" }],
    [{ KeyUsage: "ENCRYPT_DECRYPT" }],
    [{ KeyPolicy: {} }],
    [{ KeySpec: undefined }],
  ])("a key of the template with %j", (more) => {
    const keys = [{ ...KEY, properties: { ...KEY.properties, ...more } }];

    expect(() => kms({ keys })).toThrow(expect.objectContaining({ code: "TemplateNotUnderstood" }));
  });

  test("a file that holds no key", () => {
    const file = join(directory, "broken.key");
    writeFileSync(file, "nothing");

    expect(() => kms({ file: () => file })).toThrow(
      expect.objectContaining({ code: "DataDamaged" }),
    );
  });
});

test("a role signs with the algorithm that its grant names, and with no other", async () => {
  const credentials = endpoint.iam.credentialsFor(
    `arn:aws:iam::${ACCOUNT}:role/signs`,
    "lambda.amazonaws.com",
  );
  const own = new KMSClient({ ...endpoint.client, credentials });
  const sign = (SigningAlgorithm: "ED25519_SHA_512" | "ED25519_PH_SHA_512") =>
    own.send(new SignCommand({ ...signed, SigningAlgorithm }));

  await expect(sign("ED25519_SHA_512")).resolves.toMatchObject({ KeyId: ARN });
  await expect(sign("ED25519_PH_SHA_512")).rejects.toMatchObject({ name: "AccessDeniedException" });
  own.destroy();
});
