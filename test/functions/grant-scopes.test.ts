import { describe, expect, test, vi } from "vitest";
import { handler } from "../../functions/grant-scopes/handler.ts";
import { lambdaContext } from "./lambda-context.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
});

const handle = (event: unknown): Promise<unknown> => handler(event, lambdaContext());

const READ = "smarthome-gateway/read";
const WRITE = "smarthome-gateway/write";

/** Cognito's event, version 3. */
const event = (groupsToOverride: unknown, scopes: readonly string[], more: object = {}) => ({
  version: "3",
  triggerSource: "TokenGeneration_HostedAuth",
  region: "us-east-1",
  userPoolId: "us-east-1_Home12345",
  userName: "ada",
  callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: "local" },
  request: {
    userAttributes: { sub: "5c1d", "cognito:user_status": "CONFIRMED" },
    groupConfiguration: { groupsToOverride, iamRolesToOverride: [], preferredRole: null },
    scopes,
  },
  response: { claimsAndScopeOverrideDetails: null },
  ...more,
});

const overrides = (scopesToAdd: readonly string[], scopesToSuppress: readonly string[]) => ({
  claimsAndScopeOverrideDetails: {
    accessTokenGeneration: { scopesToAdd, scopesToSuppress },
  },
});

// REQ: rights-by-group
describe("a person", () => {
  test.for<readonly [string, readonly string[], readonly string[], readonly string[]]>([
    ["residents", ["openid"], [READ, WRITE], []],
    ["operators", [READ], [READ, WRITE], []],
    ["guests", [READ, WRITE], [READ], [WRITE]],
    ["guests", ["openid"], [READ], [WRITE]],
    ["strangers", [READ, WRITE], [], [READ, WRITE]],
  ])("of %s who asks for %j gets %j and is denied %j", async ([group, asked, added, denied]) => {
    const given = event([group], asked);

    const answer = await handle(given);

    expect(answer).toEqual({ ...given, response: overrides(added, denied) });
  });

  test("keeps the rights at a refresh, where the groups count that they are in by then", async () => {
    const refresh = { triggerSource: "TokenGeneration_RefreshTokens" };

    const answer = await handle(event(["guests"], [READ, WRITE], refresh));

    expect(answer).toMatchObject({ response: overrides([READ], [WRITE]) });
  });

  test.for([[undefined], [null], ["residents"], [{ residents: true }], [[["residents"], 7]]])(
    "whose groups are %j has none, and gets neither scope",
    async ([groups]) => {
      expect(await handle(event(groups, [READ, WRITE]))).toMatchObject({
        response: overrides([], [READ, WRITE]),
      });
    },
  );
});

test("a machine's token is not touched, whatever groups stand in its event", async () => {
  const given = event(["residents"], [READ], {
    triggerSource: "TokenGeneration_ClientCredentials",
  });

  expect(await handle(given)).toEqual(given);
});

test.for([[undefined], ["event"], [{}], [{ triggerSource: 3 }]])(
  "what is no event of Cognito's, like %j, gives neither scope",
  async ([given]) => {
    expect(await handle(given)).toMatchObject({ response: overrides([], [READ, WRITE]) });
  },
);
