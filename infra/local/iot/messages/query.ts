import { AwsError, type AwsRequest } from "#local/wire/aws-service.ts";
import { type Page, pageByName } from "#local/wire/page.ts";

/** The bounds of an integer, and what it is where it is not given. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly otherwise: number;
}

/** An integer of the query string within bounds. @throws AwsError `InvalidRequestException` */
export const queryInteger = (request: AwsRequest, name: string, bounds: Bounds): number => {
  const text = request.query.get(name);
  if (text === null) return bounds.otherwise;
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= bounds.least && value <= bounds.most) return value;
  throw new AwsError(
    "InvalidRequestException",
    `${name} must be a whole number from ${bounds.least} to ${bounds.most}`,
  );
};

/** A flag of the query string. @throws AwsError `InvalidRequestException` */
export const queryFlag = (request: AwsRequest, name: string): boolean => {
  const value = request.query.get(name) ?? "false";
  if (value === "true" || value === "false") return value === "true";
  throw new AwsError("InvalidRequestException", `${name} is neither true nor false`);
};

/** The page that the query string asks for, of a list that goes by names. @throws AwsError `InvalidRequestException` */
export const queryPage = <T>(
  request: AwsRequest,
  size: Bounds & { readonly name: string },
  find: (after: string, limit: number) => readonly T[],
  nameOf: (item: T) => string,
): Page<T> =>
  pageByName(find, nameOf, {
    size: queryInteger(request, size.name, size),
    token: request.query.get("nextToken") ?? undefined,
    invalidToken: () =>
      new AwsError("InvalidRequestException", "nextToken is not one that a page ended with"),
  });
