import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore, transaction } from "#local/cognito/pool/store.ts";
import { startTestApi } from "./api-support.ts";
import {
  POOL_ID,
  poolTemplate,
  postForm,
  signInForCallback,
  startTestCognito,
  type TestCognito,
} from "./support.ts";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cognito-data-"));
  file = join(directory, "cognito.sqlite");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const tokenOf = async (cognito: TestCognito): Promise<string> => {
  const { json } = await postForm(`${cognito.url}/oauth2/token`, {
    grant_type: "client_credentials",
    client_id: "machine",
    client_secret: cognito.secret("machine"),
  });
  return (json as { access_token: string }).access_token;
};

describe("a data directory", () => {
  test("keys, secrets, passwords, sessions and refresh tokens survive a restart", async () => {
    const first = await startTestCognito({ file });
    const token = await tokenOf(first);
    const callback = await signInForCallback(first);
    const { json } = await postForm(`${first.url}/oauth2/token`, {
      grant_type: "authorization_code",
      client_id: "web",
      client_secret: first.secret("web"),
      redirect_uri: "http://localhost:9/callback",
      code: callback.searchParams.get("code") ?? "",
    });
    const { refresh_token: refresh } = json as { refresh_token: string };
    const before = [first.secret("machine"), first.password];
    await first.close();

    const second = await startTestCognito({ file });
    const keys = createRemoteJWKSet(new URL(`${second.issuer}/.well-known/jwks.json`));
    const verified = await jwtVerify(token, keys);
    const refreshed = await postForm(`${second.url}/oauth2/token`, {
      grant_type: "refresh_token",
      client_id: "web",
      client_secret: second.secret("web"),
      refresh_token: refresh,
    });
    const after = [second.secret("machine"), second.password];
    await second.close();

    expect(after).toEqual(before);
    expect(verified.payload.sub).toBe("machine");
    expect(refreshed.status).toBe(200);
  });

  test("two directories share no key, no secret and no password", async () => {
    const [one, two] = await Promise.all([startTestCognito({ file }), startTestCognito()]);

    const [a, b] = [
      decodeProtectedHeader(await tokenOf(one)),
      decodeProtectedHeader(await tokenOf(two)),
    ];

    expect(a.kid).not.toBe(b.kid);
    expect(one.secret("machine")).not.toBe(two.secret("machine"));
    expect(one.password).not.toBe(two.password);
    await Promise.all([one.close(), two.close()]);
  });

  test("its file is for its owner only, and holds no password, secret, code or refresh token", async () => {
    const cognito = await startTestCognito({ file });
    const callback = await signInForCallback(cognito);
    const code = callback.searchParams.get("code") ?? "";
    const { json } = await postForm(`${cognito.url}/oauth2/token`, {
      grant_type: "authorization_code",
      client_id: "web",
      client_secret: cognito.secret("web"),
      redirect_uri: "http://localhost:9/callback",
      code,
    });
    const { refresh_token: refresh } = json as { refresh_token: string };
    const secrets = [cognito.password, cognito.secret("web"), code, refresh];
    await cognito.close();

    const bytes = readFileSync(file, "latin1");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(secrets.filter((secret) => secret === "" || bytes.includes(secret))).toEqual([]);
  });

  test("new signing keys sign at once, and old tokens stay valid", async () => {
    const cognito = await startTestCognito({ file });
    const before = await tokenOf(cognito);

    await cognito.rotateSigningKeys();

    const after = await tokenOf(cognito);
    const keys = createRemoteJWKSet(new URL(`${cognito.issuer}/.well-known/jwks.json`));
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    await expect(
      Promise.all([jwtVerify(before, keys), jwtVerify(after, keys)]),
    ).resolves.toHaveLength(2);
    await cognito.close();
  });

  test("a seeded user who has another password since is not named any more", async () => {
    const first = await startTestCognito({ file });
    const api = await startTestApi(first.service);
    const sdk = new CognitoIdentityProviderClient(api.client);
    await sdk.send(
      new AdminSetUserPasswordCommand({
        UserPoolId: POOL_ID,
        Username: "ada",
        Password: "Another-password-1",
        Permanent: true,
      }),
    );
    sdk.destroy();
    await api.close();
    await first.close();

    const second = await startTestCognito({
      file,
      seedUsers: [
        { username: "ada", groups: [] },
        { username: "grace", groups: ["guests"] },
      ],
    });

    expect(second.seededUsers()).toMatchObject([{ username: "grace", groups: ["guests"] }]);
    await second.close();
  });

  test("a damaged file is one clear error", async () => {
    writeFileSync(file, "this is not a database, it only looks like a file of one".repeat(40));

    await expect(startTestCognito({ file })).rejects.toMatchObject({
      code: "DataDamaged",
      message: expect.stringContaining(file) as unknown,
    });
  });

  test("a full disk is told as that, and nothing of a transaction is kept", () => {
    const store = openStore(":memory:");
    store.exec("pragma max_page_count = 25");
    const insert = store.prepare("insert into revoked_origin values (?, 1)");

    const write = () =>
      transaction(store, () => {
        insert.run("small");
        insert.run("x".repeat(1_000_000));
      });

    expect(write).toThrow(expect.objectContaining({ errcode: 13 }));
    expect(store.prepare("select count(*) as n from revoked_origin").get()).toEqual({ n: 0 });
    store.close();
  });

  test("a port in use is one clear error that names the option", async () => {
    const first = await startTestCognito({ file });

    await expect(startTestCognito({ port: Number(new URL(first.url).port) })).rejects.toMatchObject(
      {
        code: "PortInUse",
        message: expect.stringContaining("--cognito-port") as unknown,
      },
    );
    await first.close();
  });
});

describe("a template", () => {
  test.each([
    ["a second factor for everybody", { MfaConfiguration: "ON" }, "MfaConfiguration"],
    [
      "self sign-up",
      { AdminCreateUserConfig: { AllowAdminCreateUserOnly: false } },
      "AllowAdminCreateUserOnly",
    ],
    ["sign-in by e-mail only", { UsernameAttributes: ["email"] }, "UsernameAttributes"],
    ["another trigger", { LambdaConfig: { PreSignUp: "arn" } }, "PreSignUp"],
    [
      "a trigger that its plan does not have",
      {
        UserPoolTier: "LITE",
        LambdaConfig: { PreTokenGenerationConfig: { LambdaArn: "a", LambdaVersion: "V3_0" } },
      },
      "V3_0",
    ],
  ])("with %s is refused by name", async (_what, properties, culprit) => {
    await expect(startTestCognito({ pools: [poolTemplate(properties)] })).rejects.toMatchObject({
      code: "TemplateNotUnderstood",
      message: expect.stringContaining(culprit) as unknown,
    });
  });

  test.each([
    [
      "two kinds of flow",
      { AllowedOAuthFlows: ["code", "client_credentials"] },
      "along with code flow",
    ],
    [
      "a machine without a secret",
      { AllowedOAuthFlows: ["client_credentials"], GenerateSecret: false },
      "does not have a client secret",
    ],
    [
      "a scope that no resource server has",
      { AllowedOAuthScopes: ["openid", "x/y"] },
      "Invalid scope requested: x/y",
    ],
    [
      "a callback over plain http",
      { CallbackURLs: ["http://example.org/cb"] },
      "http://example.org/cb",
    ],
    ["the implicit flow", { AllowedOAuthFlows: ["implicit"] }, "AllowedOAuthFlows"],
    [
      "rotating refresh tokens",
      { RefreshTokenRotation: { Feature: "ENABLED" } },
      "RefreshTokenRotation",
    ],
  ])("whose client has %s is refused as Cognito would", async (_what, web, culprit) => {
    await expect(startTestCognito({ pools: [poolTemplate({}, { web })] })).rejects.toMatchObject({
      code: "TemplateNotUnderstood",
      message: expect.stringContaining(culprit) as unknown,
    });
  });
});
