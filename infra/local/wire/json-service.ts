import { AwsError, type AwsRequest, type AwsService, notEmulated } from "./aws-service.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { JsonApi } from "./json-api.ts";
import type { Operation } from "./operation.ts";

/** An operation of an API that speaks AWS JSON; what it answers is written as JSON. */
export type JsonOperation<Context> = Operation<JsonObject, Context, unknown>;

/** An answer that is JSON already, for what is kept as JSON: to read it in order to write it again costs more than to find it. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An API that speaks AWS JSON, as the AWS endpoint wants it: the target names the operation, the body is its input. */
export const jsonService = <Context>(options: {
  /** As `NotEmulated` names the service. */
  readonly name: string;
  readonly api: JsonApi;
  readonly operations: readonly JsonOperation<Context>[];
  readonly context: Context;
  /** The names that AWS has and this stack does not imitate. Absent: any name may be one. */
  readonly missing?: ReadonlySet<string>;
  /** For an API that reads bodies in a way of its own. */
  readonly parseBody?: (text: string) => JsonObject;
  /** For an API that writes errors in a way of its own. */
  readonly toError?: (error: unknown) => unknown;
}): AwsService => {
  const { api, context } = options;
  const parseBody = options.parseBody ?? ((text: string) => parseJsonObject(text));
  const toError = options.toError ?? ((error: unknown) => error);
  const operations = new Map(options.operations.map((operation) => [operation.name, operation]));
  const prefix = `${api.target}.`;
  const headers = { "content-type": `application/x-amz-json-${api.version}` };

  const find = ({ method, headers: { "x-amz-target": target } }: AwsRequest) => {
    if (method !== "POST" || target?.startsWith(prefix) !== true) throw unknownOperation();
    const name = target.slice(prefix.length);
    const operation = operations.get(name);
    if (operation !== undefined) return operation;
    throw options.missing?.has(name) === false
      ? unknownOperation()
      : notEmulated(options.name, name);
  };

  return {
    signingNames: [api.signingName],
    errorProtocol: "json",
    understand: (request) => {
      try {
        const operation = find(request);
        const input = parseBody(request.body.toString("utf8"));
        const { permissions, carryOut } = operation.understand(input, context);
        return {
          permissions,
          carryOut: async () => {
            try {
              const answer = await carryOut();
              const body = answer instanceof JsonText ? answer.text : JSON.stringify(answer);
              return { status: 200, headers, body };
            } catch (error) {
              throw toError(error);
            }
          },
        };
      } catch (error) {
        throw toError(error);
      }
    },
  };
};

/**
 * The members of a body.
 * @throws AwsError `SerializationException` for what is no JSON object
 */
export const parseJsonObject = (
  text: string,
  message = "The request body is not a JSON object.",
): JsonObject => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new AwsError("SerializationException", message, { cause });
  }
  if (isObject(parsed)) return parsed;
  throw new AwsError("SerializationException", message);
};

const unknownOperation = (): AwsError => new AwsError("UnknownOperationException", "");
