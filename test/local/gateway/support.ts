import { randomUUID } from "node:crypto";
import { createServer, request as httpRequest } from "node:http";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { startAwsEndpoint } from "#local/endpoint/aws-endpoint.ts";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { AwsError, type AwsService } from "#local/wire/aws-service.ts";
import { listen } from "#local/wire/http.ts";
import { playedService } from "../../support/played-service.ts";

/** One call of a function, as the Lambda API received it. */
export interface Invoked {
  readonly arn: string;
  readonly event: unknown;
  readonly clientContext: unknown;
}

type Handler = (event: unknown, clientContext: unknown) => unknown;

/** Functions behind the real local AWS endpoint; a handler that throws is a function error. */
export const startFunctions = async (handlers: Readonly<Record<string, Handler>>) => {
  const invoked: Invoked[] = [];
  const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
  const denied = new Set<string>();
  const endpoint = await startAwsEndpoint({
    port: 0,
    region: "us-east-1",
    iam: {
      find: (accessKeyId) =>
        accessKeyId === credentials.accessKeyId
          ? { caller: { arn: "arn:aws:iam::000000000000:role/gateway" }, credentials }
          : undefined,
      decide: (_caller, { resource }) =>
        denied.has(resource)
          ? { allowed: false, because: `not authorized on ${resource}` }
          : { allowed: true },
    },
  });
  const arnOf = (path: string): string => decodeURIComponent(path.split("/")[3] ?? "");
  const service: AwsService = playedService({
    signingNames: ["lambda"],
    errorProtocol: "rest-json",
    requiredPermissions: ({ path }) => [{ action: "lambda:InvokeFunction", resource: arnOf(path) }],
    handle: async ({ path, headers, body }) => {
      const arn = arnOf(path);
      const handler = handlers[arn];
      if (handler === undefined) {
        throw new AwsError("ResourceNotFoundException", `Function not found: ${arn}`, {
          status: 404,
        });
      }
      const context = headers["x-amz-client-context"];
      const clientContext: unknown =
        context === undefined
          ? undefined
          : JSON.parse(Buffer.from(context, "base64").toString("utf8"));
      const event: unknown = JSON.parse(body.toString("utf8"));
      invoked.push({ arn, event, clientContext });
      try {
        const result: unknown = await handler(event, clientContext);
        return { status: 200, headers: {}, body: JSON.stringify(result ?? null) };
      } catch (error) {
        return {
          status: 200,
          headers: { "x-amz-function-error": "Unhandled" },
          body: JSON.stringify({
            errorType: "Error",
            errorMessage: error instanceof Error ? error.message : String(error),
          }),
        };
      }
    },
  });
  endpoint.register(service);
  const access: AwsAccess = { endpoint: endpoint.url, region: "us-east-1", credentials };
  return { access, invoked, denied, close: () => endpoint.close() };
};

/** A sign-in server whose private key the test holds, to forge what it likes. */
export const startIssuer = async () => {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "right", alg: "RS256", use: "sig" };
  const asked: string[] = [];
  const listening = await listen(
    (request, response) => {
      asked.push(request.url ?? "");
      const issuer = `http://${request.headers.host}`;
      const document = request.url?.endsWith("openid-configuration")
        ? { issuer, jwks_uri: `${issuer}/jwks.json` }
        : { keys: [jwk] };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(document));
    },
    0,
    { name: "issuer", option: "" },
  );
  const seconds = () => Math.floor(Date.now() / 1000);
  const claims = (): JWTPayload => ({
    sub: "machine",
    token_use: "access",
    scope: "home/read home/write",
    iss: listening.url,
    exp: seconds() + 3600,
    iat: seconds(),
    client_id: "machine",
    jti: randomUUID(),
  });
  return {
    url: listening.url,
    discoveryUrl: `${listening.url}/.well-known/openid-configuration`,
    /** The addresses that were asked for. */
    asked,
    privateKey,
    publicKey,
    claims,
    /** A token that the gateway takes, but for what `change` says. */
    token: (change: JWTPayload = {}, header: Record<string, unknown> = {}): Promise<string> =>
      new SignJWT({ ...claims(), ...change })
        .setProtectedHeader({ kid: "right", alg: "RS256", ...header })
        .sign(privateKey),
    close: () => listening.close(),
  };
};

export const TOOL_ARN = "arn:aws:lambda:us-east-1:000000000000:function:tools";
export const REQUEST_ARN = "arn:aws:lambda:us-east-1:000000000000:function:on-request";
export const RESPONSE_ARN = "arn:aws:lambda:us-east-1:000000000000:function:on-response";

/** Template properties of a gateway that trusts the issuer. */
export const gatewayProperties = (
  discoveryUrl: string,
  authorizer: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
) => ({
  Name: "home-gateway",
  AuthorizerType: "CUSTOM_JWT",
  AuthorizerConfiguration: {
    CustomJWTAuthorizer: {
      DiscoveryUrl: discoveryUrl,
      AllowedClients: ["machine", "browser"],
      AllowedScopes: ["home/read", "home/write"],
      ...authorizer,
    },
  },
  ProtocolType: "MCP",
  ProtocolConfiguration: {
    Mcp: { SupportedVersions: ["2025-03-26", "2025-06-18", "2025-11-25"] },
  },
  RoleArn: "arn:aws:iam::000000000000:role/gateway",
  ...more,
});

/** Template properties of a target with the given tools. */
export const targetProperties = (
  tools: readonly string[] = ["run_scene", "get_home"],
  more: Readonly<Record<string, unknown>> = {},
) => ({
  GatewayIdentifier: "home-gateway-abcdefghij",
  Name: "home",
  CredentialProviderConfigurations: [{ CredentialProviderType: "GATEWAY_IAM_ROLE" }],
  TargetConfiguration: {
    Mcp: {
      Lambda: {
        LambdaArn: TOOL_ARN,
        ToolSchema: {
          InlinePayload: tools.map((name) => ({
            Name: name,
            Description: `Does ${name}.`,
            InputSchema: {
              Type: "object",
              Properties: { scene: { Type: "string", Description: "A name" } },
              Required: ["scene"],
            },
          })),
        },
      },
    },
  },
  ...more,
});

/** An HTTP answer, with the challenge spelled as it came. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends a request exactly as told: header lists may repeat, the path is not normalised. */
export const sendRaw = (
  url: string,
  options: {
    readonly method?: string;
    readonly path?: string;
    readonly headers?: readonly string[];
    readonly body?: string | Buffer;
  },
): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port, host } = new URL(url);
    const given = options.headers ?? [];
    const named = given.some((text, index) => index % 2 === 0 && text.toLowerCase() === "host");
    const sent = httpRequest(
      {
        host: hostname,
        port,
        method: options.method ?? "POST",
        path: options.path ?? "/mcp",
        headers: named ? [...given] : ["Host", host, ...given],
        setHost: false,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(options.body);
  });

/** Posts one JSON-RPC message with a token. */
export const post = async (
  url: string,
  token: string | undefined,
  message: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly json: unknown }> => {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(message),
  });
  const text = await response.text();
  const json: unknown = text === "" ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, json };
};

/** A port on which nothing listens. */
export const closedPort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
