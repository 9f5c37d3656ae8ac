import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type SecretsManager,
  startSecretsManager,
} from "#local/secrets-manager/secrets-manager.ts";
import { awsCliPath, runAwsCli } from "../aws-cli.ts";
import {
  ACCOUNT,
  OPERATOR,
  REGION,
  role,
  startTestEndpoint,
  type TestEndpoint,
} from "../endpoint/test-endpoint.ts";

const ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:machine-a1b2c3";
const VALUE = '{"clientId":"abc","clientSecret":"not to be seen"}';

let folder: string;
let endpoint: TestEndpoint;
let secrets: SecretsManager;
let client: SecretsManagerClient;
let nowMs: number;

const start = (properties: object = { SecretString: VALUE, Description: "a machine's" }) => {
  const started = startSecretsManager({
    file: join(folder, "secrets.sqlite"),
    region: REGION,
    accountId: ACCOUNT,
    secrets: [{ arn: ARN, properties }],
    nowMs: () => nowMs,
  });
  endpoint.register(started.service);
  return started;
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "secrets-"));
  nowMs = Date.parse("2026-06-01T12:00:00Z");
  endpoint = await startTestEndpoint([
    role("Reads", [{ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: ARN }]),
    role("ReadsNot", []),
  ]);
  secrets = start();
  client = new SecretsManagerClient(endpoint.client);
});
afterEach(async () => {
  client.destroy();
  secrets.close();
  await endpoint.close();
  rmSync(folder, { recursive: true });
});
const read = (SecretId: string, rest: object = {}) =>
  client.send(new GetSecretValueCommand({ SecretId, ...rest }));

test.each(["machine", ARN])("a secret is read as %s", async (id) => {
  const { $metadata: _, VersionId, ...told } = await read(id);

  expect(told).toEqual({
    ARN,
    Name: "machine",
    SecretString: VALUE,
    VersionStages: ["AWSCURRENT"],
    CreatedDate: new Date("2026-06-01T12:00:00Z"),
  });
  expect(VersionId).toMatch(/^[0-9a-f-]{36}$/);
});

test("its description is told without its value", async () => {
  const {
    $metadata: _,
    VersionIdsToStages,
    ...told
  } = await client.send(new DescribeSecretCommand({ SecretId: "machine" }));

  expect(told).toEqual({
    ARN,
    Name: "machine",
    Description: "a machine's",
    CreatedDate: new Date("2026-06-01T12:00:00Z"),
    LastChangedDate: new Date("2026-06-01T12:00:00Z"),
  });
  expect(Object.values(VersionIdsToStages ?? {})).toEqual([["AWSCURRENT"]]);
});

// REQ: state-survives
test("a restart keeps its version; another value in the template is another one", async () => {
  const before = await read("machine");
  nowMs += 1000;
  secrets.close();
  secrets = start();
  const same = await read("machine");
  secrets.close();
  secrets = start({ SecretString: "another" });

  const other = await read("machine");

  expect(same.VersionId).toBe(before.VersionId);
  expect(other.SecretString).toBe("another");
  expect(other.VersionId).not.toBe(before.VersionId);
  expect(other.CreatedDate).toEqual(new Date("2026-06-01T12:00:01Z"));
});

test("only who may read it reads it, and nothing of it is logged", async () => {
  const as = (name: string) =>
    new SecretsManagerClient({
      ...endpoint.client,
      credentials: endpoint.iam.credentialsFor(
        `arn:aws:iam::000000000000:role/${name}`,
        "lambda.amazonaws.com",
      ),
    });
  const [reads, readsNot] = [as("Reads"), as("ReadsNot")];

  const { SecretString } = await reads.send(new GetSecretValueCommand({ SecretId: "machine" }));
  const refused = readsNot.send(new GetSecretValueCommand({ SecretId: "machine" }));

  await expect(refused).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining(`secretsmanager:GetSecretValue on resource: ${ARN}`) as string,
  });
  expect(SecretString).toBe(VALUE);
  expect(endpoint.lines.join("\n")).not.toContain("not to be seen");
  reads.destroy();
  readsNot.destroy();
});

test("the file is its owner's alone", () => {
  const file = join(folder, "secrets.sqlite");

  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file).length).toBeGreaterThan(0);
});

describe("refused is", () => {
  test("a secret that is not there", async () => {
    await expect(read("none")).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Secrets Manager can't find the specified secret.",
    });
  });

  test("a stage that it has no version in", async () => {
    await expect(read("machine", { VersionStage: "AWSPREVIOUS" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message:
        "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
    });
  });

  test("an operation that is not imitated, by its name", async () => {
    await expect(
      client.send(new PutSecretValueCommand({ SecretId: "machine", SecretString: "x" })),
    ).rejects.toMatchObject({
      name: "NotEmulated",
      message: expect.stringContaining("Secrets Manager PutSecretValue") as string,
    });
  });

  test("a secret of the template that AWS would generate", () => {
    secrets.close();

    expect(() => start({ GenerateSecretString: {} })).toThrow(
      "Secret machine: GenerateSecretString: the local stack does not imitate it",
    );
  });
});

describe.skipIf(awsCliPath === undefined)("Debian's AWS CLI (needs awscli)", () => {
  test("reads a secret", { timeout: 30_000 }, async () => {
    const target = { endpoint: endpoint.url, credentials: OPERATOR };

    const { code, stdout } = await runAwsCli(target, [
      ...["secretsmanager", "get-secret-value", "--secret-id", "machine"],
    ]);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ Name: "machine", SecretString: VALUE });
  });
});
