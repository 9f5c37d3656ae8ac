import { AwsError } from "#local/wire/aws-service.ts";
import type { JsonObject } from "#local/wire/json.ts";
import type { JsonOperation } from "#local/wire/json-service.ts";
import type { Secret, SecretTable } from "./secret-table.ts";

/** What the operations of Secrets Manager work on. */
export interface Secrets {
  readonly region: string;
  readonly accountId: string;
  readonly table: SecretTable;
}

/** An operation of Secrets Manager. */
export type SecretsOperation = JsonOperation<Secrets>;

/** The secret that a request's SecretId names, and the ARN that its caller must be allowed to act on. */
export const namedSecret = (
  input: JsonObject,
  { region, accountId, table }: Secrets,
): { readonly resource: string; find(): Secret } => {
  const { SecretId: id } = input;
  if (typeof id !== "string" || id === "") {
    throw new AwsError("ValidationException", "You must provide a value for SecretId.");
  }
  const secret = table.find(id);
  const asked = id.startsWith("arn:")
    ? id
    : `arn:aws:secretsmanager:${region}:${accountId}:secret:${id}`;
  return {
    resource: secret?.arn ?? asked,
    find: () => {
      if (secret !== undefined) return secret;
      throw notFound("Secrets Manager can't find the specified secret.");
    },
  };
};

export const notFound = (message: string): AwsError =>
  new AwsError("ResourceNotFoundException", message);
