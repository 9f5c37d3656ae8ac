// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
import * as z from "zod";
import type { AwsService } from "#local/wire/aws-service.ts";
import { SECRETS_MANAGER } from "#local/wire/json-api.ts";
import { jsonService } from "#local/wire/json-service.ts";
import { parseTemplate } from "#local/wire/parse-template.ts";
import { describeSecret } from "./describe-secret.ts";
import { getSecretValue } from "./get-secret-value.ts";
import { type DeclaredSecret, openSecretTable } from "./secret-table.ts";

export interface SecretsManagerOptions {
  /** SQLite file of the secrets, mode 600; `:memory:` for tests. */
  readonly file: string;
  readonly region: string;
  readonly accountId: string;
  /** Resolved properties of each AWS::SecretsManager::Secret. */
  readonly secrets: readonly { readonly arn: string; readonly properties: unknown }[];
  /** The clock, for tests. */
  readonly nowMs?: () => number;
}

/** A running Secrets Manager. */
export interface SecretsManager {
  readonly service: AwsService;
  close(): void;
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
// The key that encrypts it and tags change nothing that a client sees.
const PROPERTIES = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  SecretString: z.string().min(1).max(65_536),
  KmsKeyId: z.string().optional(),
  Tags: z.array(z.unknown()).optional(),
});

/**
 * Secrets Manager with the template's secrets.
 * @throws LocalError `DataDamaged`, `AlreadyRunning`, `TemplateNotUnderstood` (a secret that is not given but generated)
 */
export const startSecretsManager = (options: SecretsManagerOptions): SecretsManager => {
  const { region, accountId } = options;
  const nowMs = options.nowMs ?? Date.now;
  const table = openSecretTable(options.file, options.secrets.map(toSecret), nowMs());
  return {
    service: jsonService({
      name: "Secrets Manager",
      api: SECRETS_MANAGER,
      operations: [getSecretValue, describeSecret],
      context: { region, accountId, table },
    }),
    close: () => table.close(),
  };
};

const toSecret = ({
  arn,
  properties,
}: SecretsManagerOptions["secrets"][number]): DeclaredSecret => {
  // The name is the ARN's last part, without the six characters that AWS adds.
  const name = arn.split(":").slice(6).join(":").slice(0, -7);
  const { Description: description, SecretString: value } = parseTemplate(
    PROPERTIES,
    `Secret ${name}`,
    properties,
  );
  return { name, arn, value, ...(description === undefined ? {} : { description }) };
};
