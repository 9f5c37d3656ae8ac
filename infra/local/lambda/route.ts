// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
import { AwsError, type AwsRequest } from "#local/wire/aws-service.ts";
import type { FunctionDescription } from "./function-description.ts";

interface FunctionRoute {
  readonly functionName: string;
  readonly qualifier?: string;
  /** The ARN that the caller must be allowed to act on, with the qualifier if the request has one. */
  readonly resource: string;
}

/** An operation and the function that it is about. */
export type Route =
  | { readonly operation: "ListFunctions" }
  | ({ readonly operation: "Invoke" | "GetFunction" | "GetFunctionConfiguration" } & FunctionRoute);

const ROUTES: readonly (readonly [
  method: string,
  path: RegExp,
  operation: "Invoke" | "GetFunction" | "GetFunctionConfiguration",
])[] = [
  ["POST", /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, "Invoke"],
  ["GET", /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, "GetFunctionConfiguration"],
  ["GET", /^\/2015-03-31\/functions\/([^/]+)$/, "GetFunction"],
];

// Name, partial ARN or ARN, each with or without a qualifier.
const FUNCTION_NAME =
  /^(?:(?:arn:aws[a-z-]*:lambda:([a-z0-9-]+):)?(?:(\d{12}):function:)|function:)?([a-zA-Z0-9_-]{1,64})(?::([$\w-]+))?$/;

/**
 * Finds out what is asked; undefined for an operation that is not imitated.
 * @throws AwsError for a function name that is none, or that is of elsewhere.
 */
export const parseRoute = (
  request: AwsRequest,
  here: { readonly region: string; readonly accountId: string },
): Route | undefined => {
  const { method, path, query } = request;
  if (method === "GET" && /^\/2015-03-31\/functions\/?$/.test(path)) {
    return { operation: "ListFunctions" };
  }
  for (const [wanted, pattern, operation] of ROUTES) {
    const encoded = method === wanted ? pattern.exec(path)?.[1] : undefined;
    if (encoded === undefined) continue;
    const given = decode(encoded);
    const [matched, region, account, functionName, inName] = FUNCTION_NAME.exec(given) ?? [];
    if (matched === undefined || functionName === undefined) {
      throw new AwsError(
        "ValidationException",
        `1 validation error detected: Value '${given}' at 'functionName' failed to satisfy constraint: Member must be a function's name or ARN`,
      );
    }
    const asked = query.get("Qualifier") ?? undefined;
    if (asked !== undefined && inName !== undefined && asked !== inName) {
      throw new AwsError(
        "InvalidParameterValueException",
        "The derived qualifier from the function name does not match the specified qualifier.",
      );
    }
    const qualifier = asked ?? inName;
    const arn = `arn:aws:lambda:${region ?? here.region}:${account ?? here.accountId}:function:${functionName}`;
    const elsewhere =
      (region ?? here.region) !== here.region || (account ?? here.accountId) !== here.accountId;
    const resource = qualifier === undefined ? arn : `${arn}:${qualifier}`;
    if (elsewhere) throw notFound(resource);
    return { operation, functionName, resource, ...(qualifier === undefined ? {} : { qualifier }) };
  }
  return undefined;
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const notFound = (arn: string): AwsError =>
  new AwsError("ResourceNotFoundException", `Function not found: ${arn}`, {
    status: 404,
    fields: { Type: "User" },
  });

/** @throws AwsError `ResourceNotFoundException`; there are no versions and aliases, only $LATEST. */
export const findFunction = (
  functions: ReadonlyMap<string, FunctionDescription>,
  route: FunctionRoute,
): FunctionDescription => {
  const description = functions.get(route.functionName);
  const unqualified = route.qualifier === undefined || route.qualifier === "$LATEST";
  if (description === undefined || !unqualified) throw notFound(route.resource);
  return description;
};
