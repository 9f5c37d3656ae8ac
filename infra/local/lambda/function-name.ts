// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
import { AwsError } from "#local/wire/aws-service.ts";
import type { RestInput } from "#local/wire/rest-service.ts";
import type { FunctionDescription } from "./function-description.ts";
import type { Functions } from "./operation.ts";

/** A function as a request names it. */
export interface NamedFunction {
  readonly name: string;
  readonly qualifier?: string;
  /** The ARN that the caller must be allowed to act on, with the qualifier if the request has one. */
  readonly resource: string;
}

// Name, partial ARN or ARN, each with or without a qualifier.
const FUNCTION_NAME =
  /^(?:(?:arn:aws[a-z-]*:lambda:([a-z0-9-]+):)?(?:(\d{12}):function:)|function:)?([a-zA-Z0-9_-]{1,64})(?::([$\w-]+))?$/;

/**
 * Reads a path's `{FunctionName}` and the qualifier.
 * @throws AwsError for a function name that is none, or that is of elsewhere.
 */
export const namedFunction = (
  { request, parameters }: RestInput,
  here: Pick<Functions, "region" | "accountId">,
): NamedFunction => {
  const given = parameters("FunctionName");
  const [matched, region, account, name, inName] = FUNCTION_NAME.exec(given) ?? [];
  if (matched === undefined || name === undefined) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${given}' at 'functionName' failed to satisfy constraint: Member must be a function's name or ARN`,
    );
  }
  const asked = request.query.get("Qualifier") ?? undefined;
  if (asked !== undefined && inName !== undefined && asked !== inName) {
    throw new AwsError(
      "InvalidParameterValueException",
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  }
  const qualifier = asked ?? inName;
  const arn = `arn:aws:lambda:${region ?? here.region}:${account ?? here.accountId}:function:${name}`;
  const elsewhere =
    (region ?? here.region) !== here.region || (account ?? here.accountId) !== here.accountId;
  const resource = qualifier === undefined ? arn : `${arn}:${qualifier}`;
  if (elsewhere) throw notFound(resource);
  return { name, resource, ...(qualifier === undefined ? {} : { qualifier }) };
};

const notFound = (arn: string): AwsError =>
  new AwsError("ResourceNotFoundException", `Function not found: ${arn}`, {
    status: 404,
    fields: { Type: "User" },
  });

/** @throws AwsError `ResourceNotFoundException`; there are no versions and aliases, only $LATEST. */
export const findFunction = (functions: Functions, named: NamedFunction): FunctionDescription => {
  const description = functions.byName.get(named.name);
  const unqualified = named.qualifier === undefined || named.qualifier === "$LATEST";
  if (description === undefined || !unqualified) throw notFound(named.resource);
  return description;
};
