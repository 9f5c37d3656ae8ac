import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type AwsService,
  notEmulated,
} from "./aws-service.ts";
import type { Operation } from "./operation.ts";

/** What a path's `{name}` stand for, percent-decoded. */
export type PathParameters = (name: string) => string;

/** What an operation of a REST API reads: the request, and the parameters of its path. */
export interface RestInput {
  readonly request: AwsRequest;
  readonly parameters: PathParameters;
}

interface Route {
  readonly method: string;
  /** e.g. `/things/{thingName}/shadow`; `{topic+}` takes the rest of the path, a `/` at the end may be left out. */
  readonly path: string;
}

/** An operation of a REST API. */
export interface RestOperation<Context> extends Operation<RestInput, Context, AwsResponse>, Route {}

/** An operation that AWS has and this stack does not imitate. */
export interface Missing extends Route {
  readonly name: string;
}

/** A REST API, as the AWS endpoint wants it: method and path name the operation. */
export const restService = <Context>(options: {
  /** As `NotEmulated` names the service. */
  readonly name: string;
  readonly signingNames: readonly string[];
  readonly operations: readonly RestOperation<Context>[];
  readonly context: Context;
  readonly missing?: readonly Missing[];
  /** The API's code for input that cannot be read, e.g. `InvalidRequestException`. */
  readonly invalid: string;
  /** As it writes errors, where not as REST APIs do. */
  readonly errorProtocol?: AwsService["errorProtocol"];
}): AwsService => {
  const routes = options.operations.map((operation) => ({
    operation,
    match: routeMatcher(operation),
  }));
  const missing = (options.missing ?? []).map((route) => ({
    name: route.name,
    match: routeMatcher(route),
  }));
  const decode = (text: string): string => {
    try {
      return decodeURIComponent(text);
    } catch (cause) {
      const message = "The path is not percent-encoded UTF-8";
      throw new AwsError(options.invalid, message, { cause });
    }
  };

  return {
    signingNames: options.signingNames,
    errorProtocol: options.errorProtocol ?? "rest-json",
    understand: (request) => {
      for (const { operation, match } of routes) {
        const found = match(request);
        if (found === undefined) continue;
        const parameters: PathParameters = (name) => decode(found[name] ?? "");
        return operation.understand({ request, parameters }, options.context);
      }
      const known = missing.find(({ match }) => match(request) !== undefined);
      throw notEmulated(options.name, known?.name ?? `${request.method} ${request.path}`);
    },
  };
};

/** A JSON answer. */
export const jsonResponse = (body: unknown): AwsResponse => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

const routeMatcher = (
  route: Route,
): ((request: AwsRequest) => Readonly<Record<string, string>> | undefined) => {
  const source = route.path
    .replaceAll(/[.*?^$()[\]|\\]/g, "\\$&")
    .replaceAll(/\{(\w+)(\+?)\}/g, (_whole, name: string, rest: string) =>
      rest === "" ? `(?<${name}>[^/]+)` : `(?<${name}>.+)`,
    )
    .replace(/\/$/, "/?");
  const pattern = new RegExp(`^${source}$`);
  return (request) => {
    const match = request.method === route.method ? pattern.exec(request.path) : null;
    return match === null ? undefined : (match.groups ?? {});
  };
};
