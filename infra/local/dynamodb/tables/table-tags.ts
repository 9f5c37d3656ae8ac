// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.Operations.html
import { AwsError } from "#local/wire/aws-service.ts";
import { isObject } from "#local/wire/json.ts";
import { checkRequest, type Json } from "../store/check-request.ts";
import type { DynaliteRequest, RequestCheck } from "../store/dynalite-types.ts";
import { validationError } from "../store/dynamo-error.ts";
import type { Permissions } from "../store/permissions.ts";
import type { Store, Table } from "../store/store.ts";

type Tags = Readonly<Record<string, string>>;

/** The tags of a request as a record; a later one of the same key wins. */
export const parseTags = (tags: unknown): Tags => {
  const list: readonly unknown[] = Array.isArray(tags) ? tags : [];
  return Object.fromEntries(
    list.map((tag) => {
      if (!isObject(tag) || typeof tag.Key !== "string" || typeof tag.Value !== "string") {
        throw validationError(
          "One or more parameter values were invalid: a tag has a Key and a Value",
        );
      }
      return [tag.Key, tag.Value];
    }),
  );
};

// dynalite knows this answer, and asks for it a user whom it does not know here.
const HAS_SIX_PARTS = /^.+:.+:.+:.+:.+:.+\/.+$/;

/**
 * Checks what an operation on tags names.
 * @throws AwsError `AccessDeniedException` for what is not the form of an ARN
 */
export const checkTagged = (operation: string, raw: Json, check: RequestCheck): DynaliteRequest => {
  const { ResourceArn } = raw;
  if (typeof ResourceArn === "string" && !HAS_SIX_PARTS.test(ResourceArn)) {
    throw new AwsError(
      "AccessDeniedException",
      `User is not authorized to perform: dynamodb:${operation} on resource: ${ResourceArn === "" ? "*" : ResourceArn}`,
    );
  }
  return checkRequest(operation, raw, check);
};

/** What an operation on tags needs: the permission on the resource that it names. */
export const tagPermissions =
  (operation: string): Permissions =>
  (data) => [{ action: `dynamodb:${operation}`, resource: String(data.ResourceArn) }];

/** @throws AwsError `ResourceNotFoundException` for an ARN of no table. */
export const findTagged = (store: Store, data: DynaliteRequest): Table => {
  const arn = String(data.ResourceArn);
  const table = store.tables().find(({ description }) => description.TableArn === arn);
  if (table === undefined) {
    throw new AwsError(
      "ResourceNotFoundException",
      `Requested resource not found: ResourcArn: ${arn} not found`,
    );
  }
  return table;
};

/** Keeps what `change` makes of the table's tags. */
export const changeTags = (store: Store, table: Table, change: (tags: Tags) => Tags): Json => {
  const settings = { ...table.settings, tags: change(table.settings.tags ?? {}) };
  store.transaction(() => store.changeTable({ ...table, settings }));
  return {};
};
