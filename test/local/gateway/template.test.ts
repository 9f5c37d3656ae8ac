import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "#local/gateway/gateway.ts";
import {
  gatewayProperties,
  startFunctions,
  startIssuer,
  TOOL_ARN,
  targetProperties,
} from "./support.ts";

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let functions: Awaited<ReturnType<typeof startFunctions>>;
const open: Gateway[] = [];

beforeAll(async () => {
  issuer = await startIssuer();
  functions = await startFunctions({ [TOOL_ARN]: () => "done" });
});
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});
afterAll(async () => {
  await Promise.all([functions.close(), issuer.close()]);
});

const start = async (
  options: {
    readonly authorizer?: Readonly<Record<string, unknown>>;
    readonly gateway?: Readonly<Record<string, unknown>>;
    readonly target?: Readonly<Record<string, unknown>>;
    readonly rateLimit?: unknown;
    readonly now?: () => number;
    readonly discoveryUrl?: string;
  } = {},
) => {
  const gateway = await startGateway({
    port: 0,
    gatewayId: "home-gateway-abcdefghij",
    properties: gatewayProperties(
      options.discoveryUrl ?? issuer.discoveryUrl,
      options.authorizer,
      options.gateway,
    ),
    targets: [{ targetId: "T", properties: targetProperties(undefined, options.target) }],
    ...(options.rateLimit === undefined
      ? {}
      : { rateLimits: [{ rateLimitId: "per-caller", properties: options.rateLimit }] }),
    ...(options.now === undefined ? {} : { now: options.now }),
    access: functions.access,
  });
  open.push(gateway);
  return gateway;
};

describe("what is not imitated is refused by name at the start", () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["IAM callers", { AuthorizerType: "AWS_IAM" }, "AuthorizerType"],
    ["everybody as a caller", { AuthorizerType: "NONE" }, "AuthorizerType"],
    [
      "a policy engine",
      { PolicyEngineConfiguration: { Arn: "a", Mode: "ENFORCE" } },
      "PolicyEngineConfiguration",
    ],
    ["a firewall", { WafConfiguration: { FailureMode: "FAIL_OPEN" } }, "WafConfiguration"],
    [
      "semantic search",
      { ProtocolConfiguration: { Mcp: { SearchType: "SEMANTIC" } } },
      "SearchType",
    ],
    [
      "sessions",
      { ProtocolConfiguration: { Mcp: { SessionConfiguration: {} } } },
      "SessionConfiguration",
    ],
    [
      "streams",
      { ProtocolConfiguration: { Mcp: { StreamingConfiguration: {} } } },
      "StreamingConfiguration",
    ],
    [
      "the stateless protocol",
      { ProtocolConfiguration: { Mcp: { SupportedVersions: ["2026-07-28"] } } },
      "SupportedVersions",
    ],
    ["a name with an underscore", { Name: "home_gateway" }, "Name"],
  ])("%s", async (_name, gateway, culprit) => {
    await expect(start({ gateway })).rejects.toMatchObject({
      code: "TemplateNotUnderstood",
      message: expect.stringContaining(culprit) as unknown,
    });
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["an MCP server as target", { TargetConfiguration: { Mcp: { McpServer: {} } } }, "McpServer"],
    [
      "a target with an API key",
      { CredentialProviderConfigurations: [{ CredentialProviderType: "API_KEY" }] },
      "CredentialProviderType",
    ],
    [
      "the caller's token for the target",
      { MetadataConfiguration: { AllowedRequestHeaders: ["Authorization"] } },
      "AllowedRequestHeaders",
    ],
    [
      "an AWS header for the target",
      { MetadataConfiguration: { AllowedRequestHeaders: ["X-Amzn-Trace-Id"] } },
      "AllowedRequestHeaders",
    ],
    [
      "query parameters for the target",
      { MetadataConfiguration: { AllowedQueryParameters: ["x"] } },
      "AllowedQueryParameters",
    ],
    [
      "a schema with an enum",
      {
        TargetConfiguration: {
          Mcp: {
            Lambda: {
              LambdaArn: TOOL_ARN,
              ToolSchema: {
                InlinePayload: [
                  {
                    Name: "t",
                    Description: "d",
                    InputSchema: {
                      Type: "object",
                      Properties: { a: { Type: "string", Enum: ["x"] } },
                    },
                  },
                ],
              },
            },
          },
        },
      },
      "Enum",
    ],
  ])("%s", async (_name, target, culprit) => {
    await expect(start({ target })).rejects.toMatchObject({
      code: "TemplateNotUnderstood",
      message: expect.stringContaining(culprit) as unknown,
    });
  });

  test("an authorizer that checks nothing", async () => {
    await expect(
      start({ authorizer: { AllowedClients: undefined, AllowedScopes: undefined } }),
    ).rejects.toMatchObject({ code: "TemplateNotUnderstood" });
  });

  test("a port in use is one clear error that names the option", async () => {
    const first = await start();

    await expect(
      startGateway({
        port: Number(new URL(first.url).port),
        gatewayId: "second",
        properties: gatewayProperties(issuer.discoveryUrl),
        targets: [],
        access: functions.access,
      }),
    ).rejects.toMatchObject({
      code: "PortInUse",
      message: expect.stringContaining("--gateway-port") as unknown,
    });
  });
});
