import { afterEach, describe, expect, test } from "vitest";
import { lambdaService, startTestApi } from "./api-support.ts";
import {
  claimsOf,
  POOL_ID,
  poolTemplate,
  postForm,
  READ,
  signInForCallback,
  startTestCognito,
  type TestCognito,
  WRITE,
} from "./support.ts";

const ARN = "arn:aws:lambda:us-east-1:000000000000:function:tokens";
type Event = Readonly<Record<string, unknown>>;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A pool whose trigger is `handler`, and what the function was told. */
const start = async (version: "V1_0" | "V2_0" | "V3_0", handler: (event: Event) => unknown) => {
  const events: Event[] = [];
  const api = await startTestApi(
    lambdaService((event, arn) => {
      expect(arn).toBe(ARN);
      events.push(event);
      return handler(event);
    }),
  );
  open.push(api);
  const cognito = await startTestCognito({
    access: () => api.access,
    pools: [
      poolTemplate({
        LambdaConfig: {
          PreTokenGeneration: ARN,
          PreTokenGenerationConfig: { LambdaArn: ARN, LambdaVersion: version },
        },
      }),
    ],
  });
  open.push(cognito);
  return { cognito, events };
};

const machineToken = (cognito: TestCognito, more: Record<string, string> = {}) =>
  postForm(`${cognito.url}/oauth2/token`, {
    grant_type: "client_credentials",
    client_id: "machine",
    client_secret: cognito.secret("machine"),
    ...more,
  });

const userTokens = async (cognito: TestCognito, scope: string) => {
  const callback = await signInForCallback(cognito, { scope });
  const { json } = await postForm(`${cognito.url}/oauth2/token`, {
    grant_type: "authorization_code",
    client_id: "web",
    client_secret: cognito.secret("web"),
    redirect_uri: "http://localhost:9/callback",
    code: callback.searchParams.get("code") ?? "",
  });
  return json as { access_token: string; id_token: string; refresh_token: string };
};

const accessClaims = (json: unknown) => claimsOf((json as { access_token: string }).access_token);

describe("version 3", () => {
  test("a machine's token is announced with its own event, and can be changed", async () => {
    const { cognito, events } = await start("V3_0", (event) => ({
      ...event,
      response: {
        claimsAndScopeOverrideDetails: {
          accessTokenGeneration: {
            claimsToAddOrOverride: { role: "scheduler" },
            scopesToSuppress: [WRITE],
          },
        },
      },
    }));

    const { json } = await machineToken(cognito, {
      aws_client_metadata: JSON.stringify({ job: "nightly" }),
    });

    expect(events).toEqual([
      {
        version: "3",
        triggerSource: "TokenGeneration_ClientCredentials",
        region: "us-east-1",
        userPoolId: POOL_ID,
        userName: "ClientCredentials",
        callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: "machine" },
        request: {
          userAttributes: {},
          groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
          scopes: [READ, WRITE],
          clientMetadata: { job: "nightly" },
        },
        response: { claimsAndScopeOverrideDetails: null },
      },
    ]);
    expect(accessClaims(json)).toMatchObject({ role: "scheduler", scope: READ });
  });

  test("a person's token is announced with groups and attributes; scopes come and go by them", async () => {
    const { cognito, events } = await start("V3_0", (event) => ({
      ...event,
      response: {
        claimsAndScopeOverrideDetails: {
          idTokenGeneration: { claimsToAddOrOverride: { nick: "countess" } },
          accessTokenGeneration: {
            scopesToAdd: [WRITE, "bad scope", "aws.cognito.signin.user.admin"],
          },
          groupOverrideDetails: { groupsToOverride: ["guests"] },
        },
      },
    }));

    const tokens = await userTokens(cognito, `openid ${READ}`);

    expect(events[0]).toMatchObject({
      triggerSource: "TokenGeneration_HostedAuth",
      userName: "ada",
      request: {
        userAttributes: { "cognito:user_status": "CONFIRMED" },
        groupConfiguration: { groupsToOverride: ["operators", "residents"] },
        scopes: ["openid", READ],
      },
    });
    expect(claimsOf(tokens.access_token)).toMatchObject({
      scope: `openid ${READ} ${WRITE}`,
      "cognito:groups": ["guests"],
    });
    expect(claimsOf(tokens.id_token)).toMatchObject({ nick: "countess" });
  });

  test("a refresh is announced as one, with the scopes that were granted at first", async () => {
    const { cognito, events } = await start("V3_0", (event) => event);
    const tokens = await userTokens(cognito, `openid ${READ}`);

    await postForm(`${cognito.url}/oauth2/token`, {
      grant_type: "refresh_token",
      client_id: "web",
      client_secret: cognito.secret("web"),
      refresh_token: tokens.refresh_token,
    });

    expect(events[1]).toMatchObject({
      triggerSource: "TokenGeneration_RefreshTokens",
      request: { scopes: ["openid", READ] },
    });
  });

  test("what says who a token speaks for cannot be changed", async () => {
    const { cognito } = await start("V3_0", (event) => ({
      ...event,
      response: {
        claimsAndScopeOverrideDetails: {
          accessTokenGeneration: {
            claimsToAddOrOverride: {
              sub: "someone-else",
              iss: "https://evil.example",
              exp: 99_999_999_999,
              client_id: "web",
              scope: "everything",
              token_use: "id",
              aud: "https://evil.example",
              added: true,
            },
            claimsToSuppress: ["exp", "sub", "client_id", "jti"],
          },
        },
      },
    }));

    const claims = accessClaims((await machineToken(cognito)).json);

    expect(claims).toMatchObject({
      sub: "machine",
      iss: cognito.issuer,
      client_id: "machine",
      token_use: "access",
      scope: `${READ} ${WRITE}`,
      added: true,
    });
    expect(Number(claims.exp)).toBeLessThan(Date.now() / 1000 + 3700);
    expect(claims.aud).toBeUndefined();
  });

  test("a function that fails gives no token", async () => {
    const { cognito } = await start("V3_0", () => {
      throw new Error("no such group");
    });

    const answer = await machineToken(cognito);

    expect(answer).toMatchObject({
      status: 400,
      json: {
        error: "invalid_request",
        error_description: "PreTokenGeneration failed with error no such group.",
      },
    });
  });

  test("a function that returns something else gives no token", async () => {
    const { cognito } = await start("V3_0", () => ({
      response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: "all" } },
    }));

    const answer = await machineToken(cognito);

    expect(answer).toMatchObject({
      status: 400,
      json: { error_description: "Unrecognizable lambda output" },
    });
  });
});

describe("older versions", () => {
  test("version 2 is not asked about machines", async () => {
    const { cognito, events } = await start("V2_0", (event) => event);

    const answer = await machineToken(cognito);
    await userTokens(cognito, "openid");

    expect(answer.status).toBe(200);
    expect(events.map(({ version, triggerSource }) => [version, triggerSource])).toEqual([
      ["2", "TokenGeneration_HostedAuth"],
    ]);
  });

  test("version 1 changes the ID token alone", async () => {
    const { cognito, events } = await start("V1_0", (event) => ({
      ...event,
      response: {
        claimsOverrideDetails: {
          claimsToAddOrOverride: { nick: "countess" },
          claimsToSuppress: ["cognito:groups"],
        },
      },
    }));

    const tokens = await userTokens(cognito, `openid ${READ}`);

    expect(events[0]).toMatchObject({ version: "1", response: { claimsOverrideDetails: null } });
    expect(Object.keys(events[0]?.request as object)).not.toContain("scopes");
    expect(claimsOf(tokens.id_token)).toMatchObject({ nick: "countess" });
    expect(claimsOf(tokens.id_token)["cognito:groups"]).toBeUndefined();
    expect(claimsOf(tokens.access_token).nick).toBeUndefined();
  });
});
