import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUserPoolClientsCommand,
  ListUsersCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApi } from "./api-support.ts";
import {
  authorizeUrl,
  browser,
  claimsOf,
  POOL_ID,
  postForm,
  startTestCognito,
  type TestCognito,
} from "./support.ts";

let cognito: TestCognito;
let api: Awaited<ReturnType<typeof startTestApi>>;
let sdk: CognitoIdentityProviderClient;

beforeAll(async () => {
  cognito = await startTestCognito();
  api = await startTestApi(cognito.service);
  sdk = new CognitoIdentityProviderClient(api.client);
});
afterAll(async () => {
  sdk.destroy();
  await api.close();
  await cognito.close();
});

const pool = { UserPoolId: POOL_ID };
const create = (Username: string, more = {}) =>
  sdk.send(
    new AdminCreateUserCommand({ ...pool, Username, TemporaryPassword: "Temporary-1234", ...more }),
  );

describe("users", () => {
  test("a user that is created must change the password, and can be read back", async () => {
    const created = await create("linus", {
      UserAttributes: [{ Name: "email", Value: "linus@example.org" }],
    });
    const read = await sdk.send(new AdminGetUserCommand({ ...pool, Username: "linus" }));

    expect(created.User).toMatchObject({
      Username: "linus",
      Enabled: true,
      UserStatus: "FORCE_CHANGE_PASSWORD",
    });
    expect(created.User?.UserCreateDate).toBeInstanceOf(Date);
    expect(read.UserAttributes?.map(({ Name }) => Name)).toEqual(["sub", "email"]);
    expect(api.asked).toContain(
      `cognito-idp:AdminCreateUser arn:aws:cognito-idp:us-east-1:000000000000:userpool/${POOL_ID}`,
    );
  });

  test("a permanent password confirms the user, who then signs in with it", async () => {
    await create("barbara");
    await sdk.send(
      new AdminSetUserPasswordCommand({
        ...pool,
        Username: "barbara",
        Password: "Permanent-1234",
        Permanent: true,
      }),
    );

    const session = browser(cognito.url);
    const form = await session.visit(authorizeUrl(cognito, {}));
    const done = await session.submit(form, { username: "barbara", password: "Permanent-1234" });

    expect(done.url).toContain("http://localhost:9/callback?code=");
  });

  test("a group that a user joins is in the next token, and one that it leaves is not", async () => {
    const groupsIn = async () => {
      const session = browser(cognito.url);
      const form = await session.visit(authorizeUrl(cognito, {}));
      const done = await session.submit(form, { username: "ada", password: cognito.password });
      const { json } = await postForm(`${cognito.url}/oauth2/token`, {
        grant_type: "authorization_code",
        client_id: "web",
        client_secret: cognito.secret("web"),
        redirect_uri: "http://localhost:9/callback",
        code: new URL(done.url).searchParams.get("code") ?? "",
      });
      return claimsOf((json as { access_token: string }).access_token)["cognito:groups"];
    };
    const membership = (GroupName: string) => ({ ...pool, Username: "ada", GroupName });
    const before = await groupsIn();

    await sdk.send(new AdminAddUserToGroupCommand(membership("guests")));
    await sdk.send(new AdminRemoveUserFromGroupCommand(membership("operators")));

    expect(before).toEqual(["operators", "residents"]);
    expect(await groupsIn()).toEqual(["residents", "guests"]);
  });

  test("ListUsers pages and filters", async () => {
    await create("pager-1");
    await create("pager-2");
    await create("pager-3");
    const Filter = 'username ^= "pager-"';

    const first = await sdk.send(new ListUsersCommand({ ...pool, Filter, Limit: 2 }));
    const second = await sdk.send(
      new ListUsersCommand({ ...pool, Filter, Limit: 2, PaginationToken: first.PaginationToken }),
    );

    expect(first.Users?.map(({ Username }) => Username)).toEqual(["pager-1", "pager-2"]);
    expect(second.Users?.map(({ Username }) => Username)).toEqual(["pager-3"]);
    expect(second.PaginationToken).toBeUndefined();
  });

  test.each([
    ["a name that is taken", () => create("ada"), "UsernameExistsException"],
    [
      "a weak password",
      () => create("weak", { TemporaryPassword: "weak" }),
      "InvalidPasswordException",
    ],
    ["a blank in a name", () => create("a b"), "InvalidParameterException"],
    [
      "no password to hand over",
      () => create("mail", { TemporaryPassword: undefined }),
      "InvalidParameterException",
    ],
    ["mail to be sent again", () => create("ada", { MessageAction: "RESEND" }), "NotEmulated"],
    [
      "an unknown user",
      () => sdk.send(new AdminGetUserCommand({ ...pool, Username: "nobody" })),
      "UserNotFoundException",
    ],
    [
      "an unknown group",
      () => sdk.send(new AdminAddUserToGroupCommand({ ...pool, Username: "ada", GroupName: "x" })),
      "ResourceNotFoundException",
    ],
    [
      "an unknown pool",
      () => sdk.send(new DescribeUserPoolCommand({ UserPoolId: "us-east-1_X" })),
      "ResourceNotFoundException",
    ],
    [
      "an operation that is not imitated",
      () => sdk.send(new AdminDeleteUserCommand({ ...pool, Username: "ada" })),
      "NotEmulated",
    ],
  ])("%s is refused by its own name", async (_what, send, name) => {
    await expect(send()).rejects.toMatchObject({ name });
  });
});

describe("clients and pools", () => {
  test("scripts learn a client's secret from DescribeUserPoolClient", async () => {
    const { UserPoolClients } = await sdk.send(new ListUserPoolClientsCommand(pool));
    const described = await sdk.send(
      new DescribeUserPoolClientCommand({ ...pool, ClientId: "machine" }),
    );
    const open = await sdk.send(new DescribeUserPoolClientCommand({ ...pool, ClientId: "local" }));

    expect(UserPoolClients?.map(({ ClientName }) => ClientName)).toEqual([
      "smarthome-machine",
      "smarthome-web",
      "smarthome-local",
    ]);
    expect(described.UserPoolClient).toMatchObject({
      ClientSecret: cognito.secret("machine"),
      AllowedOAuthFlows: ["client_credentials"],
    });
    expect(open.UserPoolClient?.ClientSecret).toBeUndefined();
  });

  test("DescribeUserPool tells the pool's settings", async () => {
    const { UserPool } = await sdk.send(new DescribeUserPoolCommand(pool));

    expect(UserPool).toMatchObject({
      Id: POOL_ID,
      Name: "smarthome",
      Domain: "smarthome-demo",
      UserPoolTier: "ESSENTIALS",
      Policies: { PasswordPolicy: { MinimumLength: 12 } },
    });
  });
});

describe("operations that apps call without a signature", () => {
  // SDKs retry a 501.
  const at = (endpoint: string) =>
    new CognitoIdentityProviderClient({ region: "us-east-1", endpoint, maxAttempts: 1 });
  const calls = [
    ["InitiateAuth", new InitiateAuthCommand({ AuthFlow: "USER_SRP_AUTH", ClientId: "local" })],
    ["SignUp", new SignUpCommand({ ClientId: "local", Username: "eve", Password: "Secret-1234" })],
    ["GetUser", new GetUserCommand({ AccessToken: "a.b.c" })],
  ] as const;

  test.each(calls)("%s is named as not imitated, at both addresses", async (name, command) => {
    const answers = await Promise.allSettled(
      [api.access.endpoint, cognito.url].map((endpoint) => {
        const client: { send(command: unknown): Promise<unknown> } = at(endpoint);
        return client.send(command);
      }),
    );

    const refused = {
      status: "rejected",
      reason: {
        name: "NotEmulated",
        message: expect.stringContaining(`does not imitate Cognito ${name};`) as string,
      },
    };
    expect(answers).toMatchObject([refused, refused]);
  });

  test("a signed operation at the address of the pages is told where it belongs", async () => {
    const client = new CognitoIdentityProviderClient({ ...api.client, endpoint: cognito.url });

    await expect(client.send(new ListUsersCommand(pool))).rejects.toMatchObject({
      name: "NotEmulated",
      message:
        "Cognito ListUsers is not at this address: signed operations of the user-pool API are at the AWS endpoint.",
    });
  });

  test("an operation that needs a signature is refused without one", async () => {
    const answer = await fetch(api.access.endpoint, {
      method: "POST",
      headers: { "x-amz-target": "AWSCognitoIdentityProviderService.ListUsers" },
      body: "{}",
    });

    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ __type: "MissingAuthenticationTokenException" });
  });
});
