// https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
import { AwsError, type AwsRequest, type RequiredPermission } from "#local/wire/aws-service.ts";
import { isObject, type JsonObject } from "#local/wire/json.ts";
import { type Page, pageByName } from "#local/wire/page.ts";
import type { RestInput } from "#local/wire/rest-service.ts";
import { constraints } from "../schedules/constraints.ts";
import { DEFAULT_GROUP, NAME, nameOf } from "../schedules/names.ts";
import { invalid } from "../schedules/scheduler-error.ts";

/** The members of a request's body. @throws AwsError `SerializationException` */
export const bodyOf = ({ body }: AwsRequest): JsonObject => {
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new AwsError("SerializationException", "The body is not JSON.", { cause });
  }
  if (isObject(parsed)) return parsed;
  throw new AwsError("SerializationException", "The body is not a JSON object.");
};

/** The `{Name}` of the path. @throws AwsError `ValidationException` */
export const pathName = ({ parameters }: RestInput): string =>
  nameOf(constraints(), "name", parameters("Name"));

/** A group's name, `default` where there is none. @throws AwsError `ValidationException` */
export const groupNameOf = (given: unknown): string => {
  if (given === undefined || given === null) return DEFAULT_GROUP;
  if (typeof given === "string") return nameOf(constraints(), "groupName", given);
  throw new AwsError("SerializationException", "GroupName is not a text.");
};

/** Handing a role to the Scheduler needs leave, for this service. */
export const passRole = (target: unknown): readonly RequiredPermission[] => {
  const roleArn = isObject(target) ? target.RoleArn : undefined;
  return typeof roleArn === "string"
    ? [
        {
          action: "iam:PassRole",
          resource: roleArn,
          context: { "iam:PassedToService": "scheduler.amazonaws.com" },
        },
      ]
    : [];
};

/** A name in the query. @throws AwsError `ValidationException` */
export const queryName = (request: AwsRequest, name: string, path: string): string | undefined => {
  const read = constraints();
  const value = read.text(path, request.query.get(name), NAME);
  read.check();
  return value;
};

/** The page of a list that a request's NextToken and MaxResults ask for. @throws AwsError `ValidationException` */
export const pageOf = <T>(
  request: AwsRequest,
  find: (after: string, limit: number) => readonly T[],
  nameOfItem: (item: T) => string,
): Page<T> => {
  const given = request.query.get("MaxResults");
  const read = constraints();
  const size = read.integer("maxResults", given === null ? undefined : Number(given), {
    least: 1,
    most: 100,
  });
  read.check();
  return pageByName(find, nameOfItem, {
    size: size ?? 100,
    token: request.query.get("NextToken") ?? undefined,
    invalidToken: () => invalid("Invalid NextToken."),
  });
};

/** Epoch milliseconds as the wire has them. */
export const epochSeconds = (ms: number): number => ms / 1000;
