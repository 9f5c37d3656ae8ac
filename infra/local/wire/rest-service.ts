import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type AwsService,
  notEmulated,
  type RequiredPermission,
} from "./aws-service.ts";

/** What a path's `{name}` stand for, percent-decoded. */
export type PathParameters = (name: string) => string;

/** One operation of a REST API. */
export interface Operation {
  /** AWS's name. */
  readonly name: string;
  readonly method: string;
  /** e.g. `/things/{thingName}/shadow`; `{topic+}` takes the rest of the path. */
  readonly path: string;
  permissions(parameters: PathParameters, request: AwsRequest): readonly RequiredPermission[];
  handle(parameters: PathParameters, request: AwsRequest): Promise<AwsResponse>;
}

/** An operation that AWS has and this stack does not imitate. */
export type Missing = Pick<Operation, "name" | "method" | "path">;

/** A REST API as the AWS endpoint wants it. */
export const restService = (options: {
  readonly name: string;
  readonly signingNames: readonly string[];
  readonly operations: readonly Operation[];
  readonly missing: readonly Missing[];
}): AwsService => {
  const routes = options.operations.map((operation) => ({
    operation,
    match: routeMatcher(operation),
  }));
  const missing = options.missing.map(({ name, ...route }) => ({
    name,
    match: routeMatcher(route),
  }));

  const find = (request: AwsRequest): { operation: Operation; parameters: PathParameters } => {
    for (const { operation, match } of routes) {
      const found = match(request);
      if (found === undefined) continue;
      const parameters = (name: string): string => decode(found[name] ?? "");
      return { operation, parameters };
    }
    const known = missing.find(({ match }) => match(request) !== undefined);
    throw notEmulated(options.name, known?.name ?? `${request.method} ${request.path}`);
  };

  return {
    signingNames: options.signingNames,
    errorProtocol: "rest-json",
    requiredPermissions: (request) => {
      const { operation, parameters } = find(request);
      return operation.permissions(parameters, request);
    },
    handle: async (request) => {
      const { operation, parameters } = find(request);
      return operation.handle(parameters, request);
    },
  };
};

/** A JSON answer. */
export const jsonResponse = (body: unknown): AwsResponse => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** An integer of the query string within bounds. */
export const queryInteger = (
  request: AwsRequest,
  name: string,
  bounds: { readonly least: number; readonly most: number; readonly otherwise: number },
): number => {
  const text = request.query.get(name);
  if (text === null) return bounds.otherwise;
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= bounds.least && value <= bounds.most) return value;
  throw new AwsError(
    "InvalidRequestException",
    `${name} must be a whole number from ${bounds.least} to ${bounds.most}`,
  );
};

const routeMatcher = (
  route: Pick<Operation, "method" | "path">,
): ((request: AwsRequest) => Readonly<Record<string, string>> | undefined) => {
  const source = route.path.replace(/\{(\w+)(\+?)\}/g, (_whole, name: string, rest: string) =>
    rest === "" ? `(?<${name}>[^/]+)` : `(?<${name}>.+)`,
  );
  const pattern = new RegExp(`^${source}$`);
  return (request) => {
    const match = request.method === route.method ? pattern.exec(request.path) : null;
    return match === null ? undefined : (match.groups ?? {});
  };
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new AwsError("InvalidRequestException", "The path is not percent-encoded UTF-8", {
      cause,
    });
  }
};
