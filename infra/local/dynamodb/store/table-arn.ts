import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
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
  // As most requests: one table, by its name.
  if (isNameOfTable(raw.TableName) && !raw.RequestItems && !raw.TransactItems) return raw;
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
  if (isObject(RequestItems)) refuseTableTwice(Object.keys(RequestItems).map(nameOf));
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

const isNameOfTable = (name: unknown): boolean =>
  typeof name === "string" && !name.startsWith("arn:");

// What AWS does with a batch that names one table in two ways is not documented; half of it must not be lost.
const refuseTableTwice = (names: readonly unknown[]): void => {
  if (new Set(names).size < names.length) {
    throw notEmulated("DynamoDB", "a batch that names a table by its name and by its ARN");
  }
};

/**
 * The same by table as `answered`, under the names that the request has for the tables: an ARN where it names an ARN.
 */
export const underRequestedNames = (
  input: Json,
  here: { readonly region: string; readonly accountId: string },
  answered: unknown,
): Json => {
  const prefix = tableArn(here, "");
  const asked = isObject(input.RequestItems) ? Object.keys(input.RequestItems) : [];
  const byName = new Map(
    asked.map((name) => [name.startsWith(prefix) ? name.slice(prefix.length) : name, name]),
  );
  return mapEntries(isObject(answered) ? answered : {}, (name, items) => [
    byName.get(name) ?? name,
    items,
  ]);
};

const mapEntries = (
  object: Json,
  change: (name: string, value: unknown) => readonly [string, unknown],
): Json => Object.fromEntries(Object.entries(object).map(([name, value]) => change(name, value)));
