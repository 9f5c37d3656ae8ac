import { AwsError } from "#local/wire/aws-service.ts";
import { isObject } from "#local/wire/json.ts";
import type { Json } from "./check-request.ts";
import { tableArn } from "./permissions.ts";

/**
 * Where a request names a table by its ARN, names it by its name; since 2024 both are allowed everywhere.
 * @throws AwsError `ResourceNotFoundException` for an ARN of another account or region.
 */
export const withoutTableArns = (
  raw: Json,
  here: { readonly region: string; readonly accountId: string },
): Json => {
  const prefix = tableArn(here, "");
  const nameOf = (name: unknown): unknown => {
    if (typeof name !== "string" || !name.startsWith("arn:")) return name;
    if (name.startsWith(prefix)) return name.slice(prefix.length);
    throw new AwsError("ResourceNotFoundException", `Requested resource not found: ${name}`);
  };
  const renamed = (part: unknown): unknown =>
    isObject(part) && part.TableName !== undefined
      ? { ...part, TableName: nameOf(part.TableName) }
      : part;
  const { RequestItems, TransactItems, TableName } = raw;
  return {
    ...raw,
    ...(TableName === undefined ? {} : { TableName: nameOf(TableName) }),
    ...(isObject(RequestItems)
      ? { RequestItems: mapEntries(RequestItems, (name, items) => [String(nameOf(name)), items]) }
      : {}),
    ...(Array.isArray(TransactItems)
      ? {
          TransactItems: TransactItems.map((item: unknown) =>
            isObject(item) ? mapEntries(item, (kind, part) => [kind, renamed(part)]) : item,
          ),
        }
      : {}),
  };
};

const mapEntries = (
  object: Json,
  change: (name: string, value: unknown) => readonly [string, unknown],
): Json => Object.fromEntries(Object.entries(object).map(([name, value]) => change(name, value)));
