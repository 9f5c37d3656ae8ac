import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  browser,
  claimsOf,
  POOL_ID,
  postForm,
  READ,
  startTestCognito,
  type TestCognito,
  WRITE,
} from "./support.ts";

let cognito: TestCognito;

beforeAll(async () => {
  cognito = await startTestCognito();
});
afterAll(() => cognito.close());

const discover = (clientId: string, authentication?: client.ClientAuth) =>
  client.discovery(
    new URL(cognito.issuer),
    clientId,
    cognito.clientSecret(clientId),
    authentication,
    { execute: [client.allowInsecureRequests] },
  );

describe("documents", () => {
  test("the discovery document has exactly Cognito's fields", async () => {
    const response = await fetch(`${cognito.issuer}/.well-known/openid-configuration`);

    const { url } = cognito;
    expect(await response.text()).toBe(
      `{"authorization_endpoint":"${url}/oauth2/authorize","end_session_endpoint":"${url}/logout",` +
        `"id_token_signing_alg_values_supported":["RS256"],"issuer":"${url}/${POOL_ID}",` +
        `"jwks_uri":"${url}/${POOL_ID}/.well-known/jwks.json","response_types_supported":["code","token"],` +
        `"revocation_endpoint":"${url}/oauth2/revoke","scopes_supported":["openid","email","phone","profile"],` +
        `"subject_types_supported":["public"],"token_endpoint":"${url}/oauth2/token",` +
        `"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],` +
        `"userinfo_endpoint":"${url}/oauth2/userInfo"}`,
    );
  });

  test.each([
    "/.well-known/oauth-authorization-server",
    `/.well-known/oauth-authorization-server/${POOL_ID}`,
    `/.well-known/openid-configuration/${POOL_ID}`,
    "/.well-known/openid-configuration",
    "/us-east-1_Other/.well-known/openid-configuration",
  ])("%s is not served, as at Cognito", async (path) => {
    expect((await fetch(`${cognito.url}${path}`)).status).toBe(404);
  });

  test("the key set holds two public RSA keys of 2048 bits and nothing private", async () => {
    const response = await fetch(`${cognito.issuer}/.well-known/jwks.json`);

    const { keys } = (await response.json()) as { keys: Record<string, string>[] };
    expect(keys.map((key) => Object.keys(key))).toEqual([
      ["alg", "e", "kid", "kty", "n", "use"],
      ["alg", "e", "kid", "kty", "n", "use"],
    ]);
    expect(keys.map(({ n }) => Buffer.from(n ?? "", "base64url").length)).toEqual([256, 256]);
  });
});

describe("client_credentials", () => {
  test.each([
    ["client_secret_basic", client.ClientSecretBasic],
    ["client_secret_post", client.ClientSecretPost],
  ])("openid-client gets a token by %s", async (_name, method) => {
    const configuration = await discover("machine", method(cognito.secret("machine")));

    const answer = await client.clientCredentialsGrant(configuration, { scope: READ });

    expect(claimsOf(answer.access_token).scope).toBe(READ);
    expect(Object.keys(answer).sort()).toEqual(["access_token", "expires_in", "token_type"]);
  });

  // REQ: tokens-as-cognito
  test("the token verifies with jose, and its claims are Cognito's in Cognito's order", async () => {
    const { json, headers } = await postForm(`${cognito.url}/oauth2/token`, {
      grant_type: "client_credentials",
      client_id: "machine",
      client_secret: cognito.secret("machine"),
    });

    const { access_token: token } = json as { access_token: string };
    const keys = createRemoteJWKSet(new URL(`${cognito.issuer}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(token, keys, { issuer: cognito.issuer });
    expect(Object.keys(payload)).toEqual(
      "sub token_use scope auth_time iss exp iat version jti client_id".split(" "),
    );
    expect(payload).toMatchObject({
      sub: "machine",
      client_id: "machine",
      token_use: "access",
      version: 2,
      scope: `${READ} ${WRITE}`,
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    expect(Object.keys(decodeProtectedHeader(token))).toEqual(["kid", "alg"]);
    expect(headers.get("cache-control")).toBe("no-store");
  });
});

describe("authorization_code", () => {
  const verifier = client.randomPKCECodeVerifier();

  const signIn = async (clientId: string, parameters: Record<string, string> = {}) => {
    const configuration = await discover(clientId);
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: "http://localhost:9/callback",
      scope: `openid ${READ}`,
      state: "abc",
      nonce: "n0nce",
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      ...parameters,
    });
    const session = browser(cognito.url);
    const form = await session.visit(url.href);
    const callback = await session.submit(form, { username: "ada", password: cognito.password });
    const tokens = await client.authorizationCodeGrant(configuration, new URL(callback.url), {
      pkceCodeVerifier: verifier,
      expectedState: "abc",
      expectedNonce: "n0nce",
      idTokenExpected: true,
    });
    return { configuration, session, url, tokens };
  };

  test.each(["web", "local"])(
    "openid-client signs in through the page as client %s",
    async (id) => {
      const { tokens } = await signIn(id);

      const access = claimsOf(tokens.access_token);
      expect(Object.keys(access)).toEqual(
        "sub cognito:groups iss version client_id origin_jti event_id token_use scope auth_time exp iat jti username".split(
          " ",
        ),
      );
      expect(access).toMatchObject({
        // The group that counts most stands first.
        "cognito:groups": ["operators", "residents"],
        client_id: id,
        scope: `openid ${READ}`,
        username: "ada",
        token_use: "access",
        version: 2,
      });
      expect(tokens.claims()).toMatchObject({
        sub: access.sub,
        aud: id,
        "cognito:username": "ada",
        token_use: "id",
        nonce: "n0nce",
        origin_jti: access.origin_jti,
      });
    },
  );

  test("a refresh gives new tokens with the same scopes and no new refresh token", async () => {
    const { configuration, tokens } = await signIn("web");

    const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? "");

    const [first, second] = [claimsOf(tokens.access_token), claimsOf(refreshed.access_token)];
    expect(refreshed.refresh_token).toBeUndefined();
    expect(second).toMatchObject({
      scope: first.scope,
      origin_jti: first.origin_jti,
      auth_time: first.auth_time,
    });
    expect(second.jti).not.toBe(first.jti);
  });

  test("a revoked refresh token refreshes nothing, and userInfo refuses its access token", async () => {
    const { configuration, tokens } = await signIn("web");
    const subject = String(claimsOf(tokens.access_token).sub);
    const before = await client.fetchUserInfo(configuration, tokens.access_token, subject);

    await client.tokenRevocation(configuration, tokens.refresh_token ?? "");

    expect(before).toEqual({ sub: subject, username: "ada" });
    await expect(
      client.refreshTokenGrant(configuration, tokens.refresh_token ?? ""),
    ).rejects.toMatchObject({ error: "invalid_grant" });
    const after = await fetch(`${cognito.url}/oauth2/userInfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect([after.status, await after.json()]).toMatchObject([401, { error: "invalid_token" }]);
  });

  test("who is signed in is not asked again, until signing out", async () => {
    const { session, url } = await signIn("web");

    const again = await session.visit(url.href);
    const signedOut = await session.visit(
      `${cognito.url}/logout?client_id=web&logout_uri=${encodeURIComponent("http://localhost:9/signed-out")}`,
    );
    const afterwards = await session.visit(url.href);

    expect(again.url).toMatch(/^http:\/\/localhost:9\/callback\?code=[0-9a-f-]{36}&state=abc$/);
    expect(signedOut.url).toBe("http://localhost:9/signed-out");
    expect(afterwards.html).toContain("<h1>Sign in</h1>");
  });

  test("a resource becomes the audience of the access token, also after a refresh", async () => {
    const { configuration, tokens } = await signIn("web", {
      resource: "http://localhost:4600/mcp",
    });

    const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? "");

    expect(claimsOf(tokens.access_token).aud).toBe("http://localhost:4600/mcp");
    expect(claimsOf(refreshed.access_token).aud).toBe("http://localhost:4600/mcp");
  });

  test("without openid there is no ID token", async () => {
    const session = browser(cognito.url);
    const configuration = await discover("local");
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: "http://localhost:9/callback",
      scope: READ,
    });
    const form = await session.visit(url.href);
    const callback = await session.submit(form, { username: "ada", password: cognito.password });

    const tokens = await client.authorizationCodeGrant(configuration, new URL(callback.url));

    expect(Object.keys(tokens).sort()).toEqual(
      ["access_token", "expires_in", "refresh_token", "token_type"].sort(),
    );
  });

  test("a request without scope gets everything that the client allows", async () => {
    const session = browser(cognito.url);
    const configuration = await discover("web");
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: "http://localhost:9/callback",
    });
    const form = await session.visit(url.href);
    const callback = await session.submit(form, { username: "ada", password: cognito.password });

    const tokens = await client.authorizationCodeGrant(configuration, new URL(callback.url));

    expect(claimsOf(tokens.access_token).scope).toBe(`openid ${READ} ${WRITE}`);
  });
});
