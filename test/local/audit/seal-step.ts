import { isObject } from "#domain/json.ts";
import type { AwsRequest } from "#local/wire/aws-service.ts";

/** What a call of the sealer does, e.g. `GetItem HEAD`: the operation, and which of its items or indexes it is about. */
export const sealStepOf = ({ headers, body }: Pick<AwsRequest, "headers" | "body">): string => {
  const [, operation = ""] = headers["x-amz-target"]?.split(".") ?? [];
  const value: unknown = JSON.parse(body.toString("utf8"));
  const { IndexName: index, Key: key, Item: item } = isObject(value) ? value : {};
  const { PK: partition, SK: sort } = isObject(key) ? key : isObject(item) ? item : {};
  if (operation === "Query") return `Query ${typeof index === "string" ? index : "LOG"}`;
  // What a log says of itself stands under the number of its first entry.
  const about = textOf(partition).endsWith("RETENTION") ? "RETENTION" : textOf(sort);
  return `${operation} ${about}`.trimEnd();
};

const textOf = (value: unknown): string =>
  isObject(value) && typeof value.S === "string" ? value.S : "";
