import {
  AdminAddUserToGroupCommand,
  AdminListGroupsForUserCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  paginateAdminListGroupsForUser,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApi } from "./api-support.ts";
import {
  authorizeUrl,
  browser,
  POOL_ID,
  postForm,
  startTestCognito,
  type TestCognito,
} from "./support.ts";

let cognito: TestCognito;
let api: Awaited<ReturnType<typeof startTestApi>>;
let sdk: CognitoIdentityProviderClient;

beforeAll(async () => {
  cognito = await startTestCognito({
    seedUsers: [
      { username: "ada", groups: ["residents", "operators"] },
      { username: "grace", groups: ["guests"] },
    ],
  });
  api = await startTestApi(cognito.service);
  sdk = new CognitoIdentityProviderClient(api.client);
});
afterAll(async () => {
  sdk.destroy();
  await api.close();
  await cognito.close();
});

const ada = { UserPoolId: POOL_ID, Username: "ada" };

describe("the groups of a user", () => {
  test("are listed with what they are, the one that counts most first", async () => {
    const { Groups, NextToken } = await sdk.send(new AdminListGroupsForUserCommand(ada));

    expect(Groups).toEqual([
      { GroupName: "operators", UserPoolId: POOL_ID, Description: "May audit", Precedence: 5 },
      { GroupName: "residents", UserPoolId: POOL_ID, Precedence: 10 },
    ]);
    expect(NextToken).toBeUndefined();
    expect(api.asked).toContain(
      `cognito-idp:AdminListGroupsForUser arn:aws:cognito-idp:us-east-1:000000000000:userpool/${POOL_ID}`,
    );
  });

  test("come in pages, each once", async () => {
    await sdk.send(new AdminAddUserToGroupCommand({ ...ada, GroupName: "guests" }));

    const pages: (readonly (string | undefined)[])[] = [];
    for await (const { Groups = [] } of paginateAdminListGroupsForUser(
      { client: sdk, pageSize: 2 },
      ada,
    )) {
      pages.push(Groups.map(({ GroupName }) => GroupName));
    }

    expect(pages).toEqual([["operators", "residents"], ["guests"]]);
  });

  test.each([
    ["of nobody", { Username: "nobody" }, "UserNotFoundException"],
    ["of a pool that is not there", { UserPoolId: "us-east-1_X" }, "ResourceNotFoundException"],
    ["from a token of no page", { NextToken: "x" }, "InvalidParameterException"],
    ["sixty-one at a time", { Limit: 61 }, "InvalidParameterException"],
  ])("%s are refused", async (_, more, name) => {
    const refused = sdk.send(new AdminListGroupsForUserCommand({ ...ada, ...more }));

    await expect(refused).rejects.toThrow(expect.objectContaining({ name }));
  });
});

/** What somebody holds after signing in on the page of a client. */
const signIn = async (username: string, clientId: "web" | "local") => {
  const session = browser(cognito.url);
  const password = cognito.seededUsers().find((user) => user.username === username)?.password ?? "";
  const form = await session.visit(
    authorizeUrl(cognito, { client_id: clientId, scope: "openid smarthome-gateway/read" }),
  );
  const done = await session.submit(form, { username, password });
  const client = {
    client_id: clientId,
    ...(clientId === "web" ? { client_secret: cognito.secret("web") } : {}),
  };
  const { json } = await postForm(`${cognito.url}/oauth2/token`, {
    ...client,
    grant_type: "authorization_code",
    redirect_uri: "http://localhost:9/callback",
    code: new URL(done.url).searchParams.get("code") ?? "",
  });
  const tokens = json as { readonly access_token: string; readonly refresh_token: string };
  return {
    session,
    refresh: () =>
      postForm(`${cognito.url}/oauth2/token`, {
        ...client,
        grant_type: "refresh_token",
        refresh_token: tokens.refresh_token,
      }),
    userInfo: async () =>
      (
        await fetch(`${cognito.url}/oauth2/userInfo`, {
          headers: { authorization: `Bearer ${tokens.access_token}` },
        })
      ).status,
  };
};

describe("a global sign-out", () => {
  test("ends the refresh and access tokens of every sign-in of that user, and of nobody else", async () => {
    const onTheWeb = await signIn("ada", "web");
    const onTheComputer = await signIn("ada", "local");
    const grace = await signIn("grace", "web");
    expect(await onTheWeb.userInfo()).toBe(200);

    await sdk.send(new AdminUserGlobalSignOutCommand(ada));

    for (const ended of [onTheWeb, onTheComputer]) {
      expect(await ended.refresh()).toMatchObject({
        status: 400,
        json: { error: "invalid_grant" },
      });
      expect(await ended.userInfo()).toBe(401);
    }
    expect((await grace.refresh()).status).toBe(200);
    expect(await grace.userInfo()).toBe(200);
  });

  test("leaves the cookie of the pages, which gives new tokens for its hour", async () => {
    const { session } = await signIn("ada", "web");

    await sdk.send(new AdminUserGlobalSignOutCommand(ada));

    const again = await session.visit(authorizeUrl(cognito, {}));
    expect(again.url).toContain("http://localhost:9/callback?code=");
  });

  test("of somebody who is not there is refused", async () => {
    const refused = sdk.send(new AdminUserGlobalSignOutCommand({ ...ada, Username: "nobody" }));

    await expect(refused).rejects.toThrow(
      expect.objectContaining({ name: "UserNotFoundException" }),
    );
    expect(api.asked).toContain(
      `cognito-idp:AdminUserGlobalSignOut arn:aws:cognito-idp:us-east-1:000000000000:userpool/${POOL_ID}`,
    );
  });
});
