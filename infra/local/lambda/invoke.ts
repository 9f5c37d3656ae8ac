// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
import { randomBytes, randomUUID } from "node:crypto";
import { AwsError, type AwsRequest, notEmulated } from "#local/wire/aws-service.ts";
import type { FunctionDescription, Invocation } from "./function-description.ts";
import { findFunction, namedFunction } from "./function-name.ts";
import type { FunctionPools } from "./function-pool.ts";
import type { Functions, LambdaOperation } from "./operation.ts";
import { MAX_REQUEST_BYTES } from "./runtime-channel.ts";

const MAX_EVENT_BYTES = 1024 * 1024;
const MAX_CLIENT_CONTEXT_BYTES = 3583;

/** Invoke. */
export const invoke: LambdaOperation = {
  name: "Invoke",
  method: "POST",
  path: "/2015-03-31/functions/{FunctionName}/invocations",
  understand: (input, functions) => {
    const named = namedFunction(input, functions);
    return {
      permissions: [{ action: "lambda:InvokeFunction", resource: named.resource }],
      carryOut: () => functions.invoke(findFunction(functions, named), input.request),
    };
  },
};

/** What Invoke does in its three types. */
export const createInvoke =
  (
    pools: FunctionPools,
    /** Takes up what nobody waits for. */
    accept: (description: FunctionDescription, invocation: Invocation) => void,
  ): Functions["invoke"] =>
  async (description, request) => {
    const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
    const invocation = parseInvocation(request, type);
    const requestId = { "x-amzn-requestid": invocation.requestId };
    switch (type) {
      case "DryRun":
        return { status: 204, headers: requestId, body: "" };
      case "Event":
        accept(description, invocation);
        return { status: 202, headers: requestId, body: "" };
      default: {
        const { failed, payload, logTail } = await pools.invoke(description, invocation);
        return {
          status: 200,
          headers: {
            ...requestId,
            "content-type": "application/json",
            "x-amz-executed-version": "$LATEST",
            "x-amzn-trace-id": invocation.traceId,
            ...(failed ? { "x-amz-function-error": "Unhandled" } : {}),
            ...(logTail === undefined
              ? {}
              : { "x-amz-log-result": Buffer.from(logTail).toString("base64") }),
          },
          body: payload,
        };
      }
    }
  };

const parseInvocation = (request: AwsRequest, type: string): Invocation => {
  if (type !== "RequestResponse" && type !== "Event" && type !== "DryRun") {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${type}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]`,
    );
  }
  if (request.headers["x-amz-tenant-id"] !== undefined) {
    throw notEmulated("Lambda", "Invoke with TenantId");
  }
  if (request.headers["x-amz-durable-execution-name"] !== undefined) {
    throw notEmulated("Lambda", "Invoke with DurableExecutionName");
  }
  const clientContext = parseClientContext(request.headers["x-amz-client-context"]);
  return {
    requestId: randomUUID(),
    payload: parsePayload(request.body, type === "Event" ? MAX_EVENT_BYTES : MAX_REQUEST_BYTES),
    traceId: request.headers["x-amzn-trace-id"] ?? newTraceId(),
    tail: type === "RequestResponse" && request.headers["x-amz-log-type"] === "Tail",
    ...(clientContext === undefined ? {} : { clientContext }),
  };
};

const parsePayload = (body: Buffer, limit: number): Buffer => {
  if (body.length === 0) return Buffer.from("{}");
  if (body.length > limit) {
    throw new AwsError(
      "RequestTooLargeException",
      `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
      { status: 413, fields: { Type: "User" } },
    );
  }
  try {
    JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new AwsError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${cause instanceof Error ? cause.message : ""}`,
      { cause, fields: { Type: "User" } },
    );
  }
  return body;
};

const parseClientContext = (header: string | undefined): string | undefined => {
  if (header === undefined) return undefined;
  const refuse = (message: string): AwsError =>
    new AwsError("InvalidRequestContentException", message, { fields: { Type: "User" } });
  if (header.length > MAX_CLIENT_CONTEXT_BYTES) {
    throw refuse(`Client context must be less than ${MAX_CLIENT_CONTEXT_BYTES} bytes`);
  }
  const json = Buffer.from(header, "base64").toString("utf8");
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed === "object" && parsed !== null) return JSON.stringify(parsed);
  } catch {
    // Said below.
  }
  throw refuse("Client context must be a valid Base64-encoded JSON object.");
};

// https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
const newTraceId = (): string =>
  `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString("hex")};Parent=${randomBytes(8).toString("hex")};Sampled=0`;
