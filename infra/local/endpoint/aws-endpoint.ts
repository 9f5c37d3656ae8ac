import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { AwsAnswer, DirectCall } from "#local/wire/aws-call.ts";
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type AwsService,
  type Caller,
  notEmulated,
  type RequiredPermission,
} from "#local/wire/aws-service.ts";
import { listen } from "#local/wire/http.ts";
import { readBody } from "#local/wire/read-body.ts";
import {
  type Credentials,
  parseAuthorization,
  type SignatureScope,
  verifySignature,
} from "#local/wire/signature.ts";
import { type ErrorProtocol, errorAnswer } from "./error-answer.ts";
import { openInProcessEntrance, sentHeaders } from "./in-process-entrance.ts";

/** What the endpoint asks IAM. */
export interface IamForEndpoint {
  find(
    accessKeyId: string,
  ): { readonly caller: Caller; readonly credentials: Credentials } | undefined;
  decide(
    caller: Caller,
    permission: RequiredPermission,
  ): { readonly allowed: true } | { readonly allowed: false; readonly because: string };
}

export interface AwsEndpoint {
  /** `http://localhost:PORT`, what goes into AWS_ENDPOINT_URL. */
  readonly url: string;
  readonly port: number;
  /** The same for callers in this process, who present the access key of a role. */
  readonly direct: (call: DirectCall) => Promise<AwsAnswer>;
  /** Serves the service from now on, under each of its signing names. */
  register(service: AwsService): void;
  close(): Promise<void>;
}

// The largest request that a service takes here: DynamoDB's BatchWriteItem, 16 MiB. Lambda checks its own 6 MiB.
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** One call that a service carried out, with the permissions that were decided on. */
export interface CarriedOutCall {
  /** Epoch milliseconds at which the request's head had arrived. */
  readonly receivedAtMs: number;
  /** Until the service had its answer. */
  readonly tookMs: number;
  readonly permissions: readonly RequiredPermission[];
  readonly request: AwsRequest;
  readonly response: AwsResponse;
}

type Headers = Readonly<Record<string, string | undefined>>;

// Only set-cookie is ever a list, and no AWS client sends it.
const parseHeaders = (headers: IncomingHttpHeaders): Headers => headers as Headers;

/**
 * The one AWS endpoint: verifies who calls (SigV4), lets IAM decide, and hands the request to the service that its
 * signature names. An error is written in that service's protocol.
 * @throws LocalError `PortInUse`
 */
export const startAwsEndpoint = async (options: {
  readonly port: number;
  /** The one region that is here. */
  readonly region: string;
  readonly iam: IamForEndpoint;
  /** Told of each refused permission, and of what should not happen: an exception in a service. */
  readonly log?: (line: string) => void;
  /** Told of each call that a service carried out. */
  readonly onCall?: ((call: CarriedOutCall) => void) | undefined;
}): Promise<AwsEndpoint> => {
  const { iam, region } = options;
  const services = new Map<string, AwsService>();

  /** What is the same however a request came: who may do what, and the doing. */
  const carryOut = async (
    service: AwsService,
    request: AwsRequest,
    since: { readonly receivedAtMs: number; readonly startedMs: number },
  ): Promise<AwsResponse> => {
    const understood = service.understand(request);
    const { permissions } = understood;
    for (const permission of permissions) {
      const decision = iam.decide(request.caller, permission);
      if (!decision.allowed) {
        options.log?.(`AccessDeniedException: ${decision.because}`);
        throw new AwsError("AccessDeniedException", decision.because, {
          status: service.errorProtocol === "json" ? 400 : 403,
        });
      }
    }
    const response = await understood.carryOut();
    const tookMs = performance.now() - since.startedMs;
    options.onCall?.({ receivedAtMs: since.receivedAtMs, tookMs, permissions, request, response });
    return response;
  };

  /** Finds the caller and the service; the service first tells its protocol, in which its errors are written. */
  const find = (
    {
      service: name,
      accessKeyId,
      region: of,
    }: Pick<SignatureScope, "service" | "accessKeyId" | "region">,
    parts: Omit<AwsRequest, "caller">,
  ) => {
    const known = iam.find(accessKeyId);
    if (known === undefined) {
      throw new AwsError(
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        { status: 403 },
      );
    }
    // Before the signature, which S3 makes in a way of its own.
    const service = services.get(name);
    if (service === undefined) throw notEmulated(name, operationName(parts));
    if (of !== region) throw notEmulated(name, `in the region ${of} (${region} is here)`);
    return { known, service };
  };

  const protocolOf = (serviceName: string, otherwise: ErrorProtocol): ErrorProtocol =>
    services.get(serviceName)?.errorProtocol ?? (serviceName === "s3" ? "s3" : otherwise);

  const failed = (error: unknown, protocol: ErrorProtocol, requestId: string, isHeard: boolean) => {
    if (error instanceof AwsError) return errorAnswer(error, protocol, requestId);
    // What went wrong is for the log, not for the caller.
    // A client that went away while it sent is its own affair.
    if (isHeard)
      options.log?.(`AWS endpoint: ${error instanceof Error ? error.stack : String(error)}`);
    const failure = new AwsError("InternalFailure", "The request processing has failed.", {
      status: 500,
    });
    return errorAnswer(failure, protocol, requestId);
  };

  const answer = async (request: IncomingMessage, requestId: string): Promise<AwsResponse> => {
    const headers = parseHeaders(request.headers);
    let protocol = guessProtocol(headers);
    const since = { receivedAtMs: Date.now(), startedMs: performance.now() };
    try {
      const body = await readBody(request, MAX_BODY_BYTES);
      if (body === "too large") throw tooLarge();
      const { path, query } = splitUrl(request.url ?? "/");
      const parts = { method: request.method ?? "GET", path, query, headers, body };
      if (headers.authorization === undefined) refuseUnsigned(headers, services.values());
      const scope = parseAuthorization(headers.authorization);
      protocol = protocolOf(scope.service, protocol);
      const { known, service } = find(scope, parts);
      verifySignature(parts, scope, known.credentials, Date.now());
      return await carryOut(service, { ...parts, caller: known.caller }, since);
    } catch (error) {
      return failed(error, protocol, requestId, request.complete);
    }
  };

  const answerDirectly = async (call: DirectCall, requestId: string): Promise<AwsResponse> => {
    const { method, path, query, headers, body } = call;
    const parts = { method, path, query, headers, body };
    const since = { receivedAtMs: Date.now(), startedMs: performance.now() };
    try {
      if (body.length > MAX_BODY_BYTES) throw tooLarge();
      const { known, service } = find(call, parts);
      return await carryOut(service, { ...parts, caller: known.caller }, since);
    } catch (error) {
      return failed(error, protocolOf(call.service, guessProtocol(headers)), requestId, true);
    }
  };
  const inProcess = openInProcessEntrance(answerDirectly);

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = randomUUID();
    const { status, headers, body } = await answer(request, requestId);
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
    if (response.destroyed) return;
    response.writeHead(status, {
      ...sentHeaders(requestId, bytes.length),
      // A body that was not read to its end would be taken for the next request.
      ...(request.complete ? {} : { connection: "close" }),
      ...headers,
    });
    response.end(bytes);
  };

  const { port, url, close } = await listen(
    (request, response) => {
      serve(request, response).catch(() => response.destroy());
    },
    options.port,
    { name: "AWS endpoint", option: "--aws-port" },
  );
  return {
    url,
    port,
    direct: inProcess.call,
    register: (service) => {
      for (const name of service.signingNames) services.set(name, service);
    },
    close: async () => {
      await Promise.all([close(), inProcess.close()]);
    },
  };
};

const refuseUnsigned = (headers: Headers, services: Iterable<AwsService>): void => {
  const target = headers["x-amz-target"];
  for (const { unsigned } of services) {
    if (target === undefined || unsigned?.targets.has(target) !== true) continue;
    throw notEmulated(unsigned.name, operationOf(target));
  }
};

const operationOf = (target: string): string => target.split(".").at(-1) ?? target;

const guessProtocol = (headers: Headers): ErrorProtocol => {
  if (headers["x-amz-target"] !== undefined) return "json";
  const form = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
  return form ? "query" : "rest-json";
};

const tooLarge = (): AwsError =>
  new AwsError("RequestEntityTooLargeException", "The request is larger than 16 MiB.", {
    status: 413,
  });

const NO_QUERY = new URLSearchParams();

const splitUrl = (url: string): { readonly path: string; readonly query: URLSearchParams } => {
  const at = url.indexOf("?");
  return at < 0
    ? { path: url, query: NO_QUERY }
    : { path: url.slice(0, at), query: new URLSearchParams(url.slice(at + 1)) };
};

const operationName = (request: Omit<AwsRequest, "caller">): string => {
  const target = request.headers["x-amz-target"];
  if (target !== undefined) return operationOf(target);
  const action =
    guessProtocol(request.headers) === "query"
      ? new URLSearchParams(request.body.toString("utf8")).get("Action")
      : null;
  return action ?? `${request.method} ${request.path}`;
};
