import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "#local/gateway/gateway.ts";
import {
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
const CALL = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "home___run_scene" } };

describe("rate limits", () => {
  const limit = (DimensionKeys: readonly string[], ...Entries: readonly unknown[]) => ({
    GatewayIdentifier: "home-gateway-abcdefghij",
    DimensionKeys,
    Entries,
  });
  const requests = (Rate: number, Period = "minute") => ({ Requests: [{ Period, Rate }] });

  test("each caller has a bucket of its own, and is told when to come back", async () => {
    let nowMs = Date.now();
    const gateway = await start({
      now: () => nowMs,
      rateLimit: limit(["$.context.jwt.sub"], {
        Dimensions: { "$.context.jwt.sub": "*" },
        ...requests(2),
      }),
    });
    const ada = await issuer.token({ sub: "ada" });
    const send = async (token: string) => (await post(gateway.url, token, PING)).status;

    const adas = [await send(ada), await send(ada), await send(ada)];
    const grace = await send(await issuer.token({ sub: "grace" }));
    const refused = await post(gateway.url, ada, PING);
    nowMs += 31_000;
    const later = await send(ada);

    expect(adas).toEqual([200, 200, 429]);
    expect(grace).toBe(200);
    expect(refused.json).toEqual({
      jsonrpc: "2.0",
      id: 1,
      error: {
        code: -32_003,
        message: "Rate limit exceeded",
        data: {
          limitKey: "per-caller/$.context.jwt.sub=ada",
          metric: "requests",
          retryAfter: 30,
        },
      },
    });
    expect(later).toBe(200);
  });

  test("a clock that is set back shuts nobody out", async () => {
    let nowMs = Date.now();
    const gateway = await start({
      now: () => nowMs,
      rateLimit: limit(["$.context.jwt.sub"], {
        Dimensions: { "$.context.jwt.sub": "*" },
        ...requests(2),
      }),
    });
    // A token that was issued after the moment is refused as such: after a jump a client gets a new one.
    const threeHoursAgo = Math.floor(nowMs / 1000) - 3 * 3_600;
    const token = await issuer.token({ sub: "ada", iat: threeHoursAgo - 60 });
    const send = async () => (await post(gateway.url, token, PING)).status;

    const before = await send();
    nowMs -= 3 * 3_600_000;
    const after = [await send(), await send()];
    nowMs += 31_000;
    const later = await send();

    expect(before).toBe(200);
    expect(after).toEqual([200, 429]);
    expect(later).toBe(200);
  });

  test("the most specific entry counts, a rate of zero shuts out, and other methods are not counted", async () => {
    const gateway = await start({
      rateLimit: limit(
        ["targetName", "toolName"],
        {
          Dimensions: { targetName: "home", toolName: "home___run_scene" },
          ...requests(0, "second"),
        },
        { Dimensions: { targetName: "home", toolName: "*" }, ...requests(100, "second") },
      ),
    });
    const token = await issuer.token();
    const call = (name: string) =>
      post(gateway.url, token, { ...CALL, params: { name, arguments: {} } });

    const statuses = [
      (await call("home___run_scene")).status,
      (await call("home___get_home")).status,
      (await post(gateway.url, token, PING)).status,
    ];

    expect(statuses).toEqual([429, 200, 200]);
  });

  test.each<[string, unknown, string]>([
    [
      "connections",
      {
        ...limit(["toolName"], {
          Dimensions: { toolName: "*" },
          Connections: [{ Period: "second", Rate: 1 }],
          ...requests(1),
        }),
      },
      "Connections",
    ],
    [
      "an IAM dimension",
      limit(["$.context.iam.principal"], { Dimensions: {}, ...requests(1) }),
      "DimensionKeys",
    ],
    [
      "an entry without a value",
      limit(["targetName", "toolName"], { Dimensions: { toolName: "*" }, ...requests(1) }),
      "targetName, toolName",
    ],
    [
      "a star in a leading place",
      limit(["targetName", "toolName"], {
        Dimensions: { targetName: "*", toolName: "x" },
        ...requests(1),
      }),
      "trailing",
    ],
    [
      "another period",
      limit(["toolName"], { Dimensions: { toolName: "*" }, ...requests(1, "hour") }),
      "Period",
    ],
  ])("a limit with %s is refused by name", async (_name, rateLimit, culprit) => {
    await expect(start({ rateLimit })).rejects.toMatchObject({
      code: "TemplateNotUnderstood",
      message: expect.stringContaining(culprit) as unknown,
    });
  });
});
