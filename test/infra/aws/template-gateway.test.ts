import { describe, expect, test } from "vitest";
import {
  at,
  objectOf,
  objectsOf,
  type Properties,
  propertiesOf,
  resourcesOf,
  synthesizedTemplate,
} from "./synthesized.ts";

const template = synthesizedTemplate();
const gateway = propertiesOf(template, "ToolGateway");

describe("the gateway", () => {
  // REQ: clients-and-scopes
  test("lets in the three clients of the user pool, with at least one of the two scopes", () => {
    expect(gateway.AuthorizerType).toBe("CUSTOM_JWT");
    expect(gateway.AuthorizerConfiguration).toEqual({
      CustomJWTAuthorizer: {
        DiscoveryUrl:
          "https://cognito-idp.<AWS::Region>.amazonaws.com/<SignInUserPool>/.well-known/openid-configuration",
        AllowedClients: [
          "<SignInClientsMachine>",
          "<SignInClientsClaudeWeb>",
          "<SignInClientsLocal>",
          "<SignInClientsConsole>",
        ],
        AllowedScopes: ["smarthome-gateway/read", "smarthome-gateway/write"],
      },
    });
  });

  test("can be synthesized without allowedScopes, which is how Claude's connector once failed", () => {
    const without = synthesizedTemplate({ allowedScopes: [] });

    const path = ["AuthorizerConfiguration", "CustomJWTAuthorizer"];
    const authorizer = objectOf(at(propertiesOf(without, "ToolGateway"), ...path));
    expect(Object.keys(authorizer)).toEqual(["AllowedClients", "DiscoveryUrl"]);
    expect(without.resources.size).toBe(template.resources.size);
  });

  test("speaks the three versions of MCP with sessions, hides errors, and has no search tool", () => {
    const { Instructions, ...mcp } = objectOf(at(gateway, "ProtocolConfiguration", "Mcp"));

    expect(gateway.Name).toBe("smarthome-gateway");
    expect(gateway.ProtocolType).toBe("MCP");
    expect(mcp).toEqual({ SupportedVersions: ["2025-03-26", "2025-06-18", "2025-11-25"] });
    expect(String(Instructions).length).toBeLessThan(600);
    expect(gateway.ExceptionLevel).toBeUndefined();
  });

  test("shows each request and each response to one interceptor, with the headers", () => {
    const interceptor = (point: string, id: string) => ({
      InterceptionPoints: [point],
      InputConfiguration: { PassRequestHeaders: true },
      Interceptor: { Lambda: { Arn: `<${id}.Arn>` } },
    });
    expect(gateway.InterceptorConfigurations).toEqual([
      interceptor("REQUEST", "ToolGatewayInterceptToolCallFunction"),
      interceptor("RESPONSE", "ToolGatewayInterceptToolCallFunction"),
    ]);
  });
});

test("each caller, person or machine, has 1,200 requests a minute", () => {
  const limits = [...resourcesOf(template, "AWS::BedrockAgentCore::GatewayRateLimit").values()];

  expect(limits).toEqual([
    {
      GatewayIdentifier: "<ToolGateway.GatewayIdentifier>",
      Description: "What one caller may ask of the gateway.",
      DimensionKeys: ["$.context.jwt.sub"],
      Entries: [
        {
          Dimensions: { "$.context.jwt.sub": "*" },
          Requests: [{ Period: "minute", Rate: 1200 }],
        },
      ],
    },
  ]);
});

test("is limited only when its targets are made: a gateway that changes takes no other change", () => {
  const { Resources } = JSON.parse(template.text) as {
    readonly Resources: Readonly<
      Record<string, { readonly Type: string; readonly DependsOn?: readonly string[] }>
    >;
  };
  const limit = Object.values(Resources).find(
    ({ Type }) => Type === "AWS::BedrockAgentCore::GatewayRateLimit",
  );
  const targets = Object.entries(Resources).filter(
    ([, { Type }]) => Type === "AWS::BedrockAgentCore::GatewayTarget",
  );

  expect(targets.length).toBe(3);
  expect(limit?.DependsOn).toEqual(expect.arrayContaining(targets.map(([id]) => id)));
});

describe("the target home", () => {
  const { TargetConfiguration, ...target } = propertiesOf(template, "ToolGatewayHomeTarget");
  const tools = objectsOf(at(TargetConfiguration, "Mcp", "Lambda", "ToolSchema", "InlinePayload"));

  test("is the function home, called by the gateway's role, told who calls", () => {
    expect(target).toEqual({
      Name: "home",
      Description: "The household's tools.",
      GatewayIdentifier: "<ToolGateway.GatewayIdentifier>",
      CredentialProviderConfigurations: [{ CredentialProviderType: "GATEWAY_IAM_ROLE" }],
      MetadataConfiguration: {
        AllowedRequestHeaders: [
          "x-caller-sub",
          "x-caller-client-id",
          "x-caller-username",
          "x-caller-scopes",
        ],
      },
    });
    expect(at(TargetConfiguration, "Mcp", "Lambda", "LambdaArn")).toBe("<HomeFunction.Arn>");
  });

  // REQ: tool-budget
  test("has at most twelve tools, whose texts together stay under 12,000 characters", () => {
    const names = tools.map((tool) => tool.Name);

    expect(names).toEqual(
      expect.arrayContaining(["get_home", "plan_scene", "run_scene", "get_run"]),
    );
    expect(names.length).toBeLessThanOrEqual(12);
    expect(JSON.stringify(tools).length).toBeLessThan(12_000);
  });

  test.for(tools)(
    "$Name says what it does with an example, and uses only what a Lambda target's schema knows",
    (tool) => {
      const keywords = new Set<string>();
      const collect = (schema: Properties): void => {
        for (const key of Object.keys(schema)) keywords.add(key);
        for (const property of Object.values(objectOf(schema.Properties))) {
          collect(objectOf(property));
        }
        if (schema.Items !== undefined) collect(objectOf(schema.Items));
      };

      collect(objectOf(tool.InputSchema));

      expect(Object.keys(tool).sort()).toEqual(["Description", "InputSchema", "Name"]);
      expect(tool.Description).toMatch(/Example: \{.*\}/);
      expect(at(tool.InputSchema, "Type")).toBe("object");
      const known = ["Type", "Properties", "Required", "Items", "Description"];
      expect([...keywords].filter((key) => !known.includes(key))).toEqual([]);
    },
  );
});

describe("sign-in", () => {
  test("nobody can sign up without an invitation, passwords are long, a second factor is offered", () => {
    const pool = propertiesOf(template, "SignInUserPool");

    expect(pool).toMatchObject({
      UserPoolTier: "ESSENTIALS",
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: "verified_email", Priority: 1 }] },
      MfaConfiguration: "OPTIONAL",
      EnabledMfas: ["SOFTWARE_TOKEN_MFA"],
      UsernameConfiguration: { CaseSensitive: false },
      Policies: {
        PasswordPolicy: {
          MinimumLength: 12,
          RequireLowercase: true,
          RequireUppercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
          TemporaryPasswordValidityDays: 3,
        },
      },
    });
  });

  test("its page is the newer one, at an address that no other account has", () => {
    const named = synthesizedTemplate({ domainPrefix: "our-home" });

    expect(propertiesOf(template, "SignInUserPoolDomain")).toEqual({
      UserPoolId: "<SignInUserPool>",
      Domain: "smarthome-<AWS::AccountId>",
      ManagedLoginVersion: 2,
    });
    expect(propertiesOf(named, "SignInUserPoolDomain").Domain).toBe("our-home");
  });

  test("each browser client has a style, without which the newer page is not shown", () => {
    const styles = [...resourcesOf(template, "AWS::Cognito::ManagedLoginBranding").values()];

    expect(styles.map((style) => [style.ClientId, style.UseCognitoProvidedValues])).toEqual([
      ["<SignInClientsClaudeWeb>", true],
      ["<SignInClientsLocal>", true],
      ["<SignInClientsConsole>", true],
    ]);
  });

  test("there are two scopes, reading and writing, and three groups", () => {
    const server = propertiesOf(template, "SignInUserPoolResourceServer");
    const groups = [...resourcesOf(template, "AWS::Cognito::UserPoolGroup").values()];

    expect(server).toMatchObject({
      Identifier: "smarthome-gateway",
      Scopes: [{ ScopeName: "read" }, { ScopeName: "write" }],
    });
    expect(groups.map((group) => [group.GroupName, group.Precedence])).toEqual([
      ["operators", 0],
      ["residents", 1],
      ["guests", 2],
    ]);
  });

  test("before each token, also of a machine, the function grant-scopes is asked", () => {
    const pool = propertiesOf(template, "SignInUserPool");

    expect(pool.LambdaConfig).toEqual({
      PreTokenGenerationConfig: {
        LambdaArn: "<SignInGrantScopesFunction.Arn>",
        LambdaVersion: "V3_0",
      },
    });
  });

  const READ = "<SignInUserPoolResourceServer>/read";
  const WRITE = "<SignInUserPoolResourceServer>/write";

  test.for([
    [
      "SignInClientsMachine",
      {
        ClientName: "smarthome-gateway-client",
        GenerateSecret: true,
        AllowedOAuthFlows: ["client_credentials"],
        AllowedOAuthScopes: [READ, WRITE],
        CallbackURLs: undefined,
      },
    ],
    [
      "SignInClientsClaudeWeb",
      {
        ClientName: "smarthome-claude-web-client",
        GenerateSecret: true,
        AllowedOAuthFlows: ["code"],
        AllowedOAuthScopes: ["openid", "email", "phone", "profile", READ, WRITE],
        CallbackURLs: [
          "https://claude.ai/api/mcp/auth_callback",
          "https://claude.com/api/mcp/auth_callback",
        ],
      },
    ],
    [
      "SignInClientsLocal",
      {
        ClientName: "smarthome-local-client",
        GenerateSecret: false,
        AllowedOAuthFlows: ["code"],
        AllowedOAuthScopes: ["openid", READ, WRITE],
        CallbackURLs: [
          "http://localhost:8765/callback",
          "http://127.0.0.1:8765/callback",
          "http://localhost:6274/oauth/callback",
          "http://127.0.0.1:6274/oauth/callback",
          "http://127.0.0.1:6276/oauth/callback",
          "http://localhost:3334/oauth/callback",
          "http://127.0.0.1:19876/mcp/oauth/callback",
          "http://localhost:7777/oauth/callback",
          "http://127.0.0.1:8766/callback/nZ8X42tZCvMo",
          "http://127.0.0.1:8766/callback/R_wz-EjWNx5e",
        ],
      },
    ],
    [
      "SignInClientsConsole",
      {
        ClientName: "smarthome-console-client",
        GenerateSecret: false,
        AllowedOAuthFlows: ["code"],
        AllowedOAuthScopes: ["openid", READ, WRITE],
        CallbackURLs: ["http://localhost:4603/"],
        LogoutURLs: ["http://localhost:4603/"],
      },
    ],
  ] as const)("%s has one flow, its scopes and its callbacks, and no more", ([id, expected]) => {
    const client = propertiesOf(template, id);

    const seen = Object.fromEntries(Object.keys(expected).map((key) => [key, client[key]]));
    expect(seen).toEqual(expected);
    expect(client).toMatchObject({
      AllowedOAuthFlowsUserPoolClient: true,
      EnableTokenRevocation: true,
      PreventUserExistenceErrors: "ENABLED",
      SupportedIdentityProviders: ["COGNITO"],
      // Neither SRP nor passwords by the API: people sign in at the page alone.
      ExplicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
    });
  });

  test("codex's callback is made of the deployed gateway's URL, once that is known", () => {
    const known = synthesizedTemplate({
      gatewayUrl:
        "https://smarthome-gateway-abcde12345.gateway.bedrock-agentcore.us-east-1.amazonaws.com/mcp",
    });

    expect(propertiesOf(known, "SignInClientsLocal").CallbackURLs).toContain(
      "http://127.0.0.1:8766/callback/vZ-X18VM5X57",
    );
  });
});
