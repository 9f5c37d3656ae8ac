import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "#local/gateway/gateway.ts";
import {
  closedPort,
  gatewayProperties,
  post,
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

const PING = { jsonrpc: "2.0", id: 1, method: "ping" };

describe("the authorizer", () => {
  const custom = (
    InboundTokenClaimValueType: string,
    ClaimMatchOperator: string,
    ClaimMatchValue: unknown,
  ) => ({
    CustomClaims: [
      {
        InboundTokenClaimName: "cognito:groups",
        InboundTokenClaimValueType,
        AuthorizingClaimMatchValue: { ClaimMatchOperator, ClaimMatchValue },
      },
    ],
  });
  const one = { MatchValueString: "residents" };
  const list = { MatchValueStringList: ["residents", "operators"] };

  test.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>, number]>(
    [
      ["an audience that is listed", { AllowedAudience: ["home"] }, { aud: "home" }, 200],
      ["one of several audiences", { AllowedAudience: ["home"] }, { aud: ["x", "home"] }, 200],
      ["another audience", { AllowedAudience: ["home"] }, { aud: "away" }, 403],
      ["no audience, as in Cognito's tokens for machines", { AllowedAudience: ["home"] }, {}, 403],
      ["scopes in scp", {}, { scope: undefined, scp: ["home/read"] }, 200],
      ["scopes alone", { AllowedClients: undefined }, { client_id: "anybody" }, 200],
      ["clients alone", { AllowedScopes: undefined }, { scope: "x" }, 200],
      [
        "a claim that equals",
        custom("STRING", "EQUALS", one),
        { "cognito:groups": "residents" },
        200,
      ],
      [
        "a claim that does not equal",
        custom("STRING", "EQUALS", one),
        { "cognito:groups": "guests" },
        403,
      ],
      ["a claim that is missing", custom("STRING", "EQUALS", one), {}, 403],
      [
        "a list that contains",
        custom("STRING_ARRAY", "CONTAINS", one),
        { "cognito:groups": ["a", "residents"] },
        200,
      ],
      [
        "a list that contains any",
        custom("STRING_ARRAY", "CONTAINS_ANY", list),
        { "cognito:groups": ["operators"] },
        200,
      ],
      [
        "a list that contains none",
        custom("STRING_ARRAY", "CONTAINS_ANY", list),
        { "cognito:groups": ["guests"] },
        403,
      ],
      [
        "a word where a list should be",
        custom("STRING_ARRAY", "CONTAINS", one),
        { "cognito:groups": "residents" },
        403,
      ],
      [
        "a word that only contains",
        custom("STRING_ARRAY", "CONTAINS", one),
        { "cognito:groups": ["ex-residents"] },
        403,
      ],
    ],
  )("%s", async (_name, authorizer, claims, status) => {
    const gateway = await start({ authorizer });

    const answer = await post(gateway.url, await issuer.token(claims), PING);

    expect(answer.status).toBe(status);
  });

  test("scopes are advertised as the mapping says, and checked as they are", async () => {
    const gateway = await start({
      authorizer: { AdvertisedScopeMapping: { "home/read": "api://home/read" } },
    });

    const metadata = await fetch(
      gateway.url.replace("/mcp", "/.well-known/oauth-protected-resource"),
    );
    const answer = await post(gateway.url, await issuer.token({ scope: "home/read" }), PING);

    expect(await metadata.json()).toMatchObject({
      scopes_supported: ["api://home/read", "home/write"],
    });
    expect(answer.status).toBe(200);
  });

  test("a sign-in server that does not answer is nobody's bad token", async () => {
    const gateway = await start({
      discoveryUrl: `http://localhost:${await closedPort()}/.well-known/openid-configuration`,
    });

    const answer = await post(gateway.url, await issuer.token(), PING);

    expect(answer).toMatchObject({ status: 500, json: { error: { code: -32_603 } } });
    expect(answer.headers.get("www-authenticate")).toBeNull();
  });
});

describe("protocol versions", () => {
  test("a gateway that lists none speaks the oldest alone", async () => {
    const gateway = await start({ gateway: { ProtocolConfiguration: undefined } });
    const token = await issuer.token();
    const initialize = (protocolVersion: string) =>
      post(gateway.url, token, {
        jsonrpc: "2.0",
        id: 1,
        method: "initialize",
        params: { protocolVersion },
      });

    const { json } = await initialize("2025-11-25");
    const refused = await post(gateway.url, token, PING, { "mcp-protocol-version": "2025-11-25" });

    expect(json).toMatchObject({ result: { protocolVersion: "2025-03-26" } });
    expect(refused.status).toBe(400);
  });

  test("a request without the header is refused where 2025-03-26 is not listed", async () => {
    const gateway = await start({
      gateway: { ProtocolConfiguration: { Mcp: { SupportedVersions: ["2025-11-25"] } } },
    });

    const answer = await post(gateway.url, await issuer.token(), PING);

    expect(answer).toMatchObject({ status: 400, json: { error: { code: -32_022 } } });
  });

  test("instructions are given to those who initialize", async () => {
    const gateway = await start({
      gateway: {
        ProtocolConfiguration: {
          Mcp: { SupportedVersions: ["2025-03-26"], Instructions: "Be kind." },
        },
      },
    });

    const { json } = await post(gateway.url, await issuer.token(), {
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-03-26" },
    });

    expect(json).toMatchObject({ result: { instructions: "Be kind." } });
  });
});
