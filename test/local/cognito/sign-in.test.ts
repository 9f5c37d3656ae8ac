import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApi } from "./api-support.ts";
import {
  authorizeUrl,
  browser,
  clock,
  POOL_ID,
  poolTemplate,
  postForm,
  signInForCallback,
  startTestCognito,
  type TestCognito,
} from "./support.ts";

const time = clock();
let cognito: TestCognito;

beforeAll(async () => {
  cognito = await startTestCognito({ now: time.now });
});
afterAll(() => cognito.close());

const alertOf = (html: string): string | undefined => /role="alert">([^<]+)</.exec(html)?.[1];

const tryPassword = async (username: string, password: string) => {
  const session = browser(cognito.url);
  const form = await session.visit(authorizeUrl(cognito, {}));
  return session.submit(form, { username, password });
};

const exchange = (code: string) =>
  postForm(`${cognito.url}/oauth2/token`, {
    grant_type: "authorization_code",
    client_id: "web",
    client_secret: cognito.secret("web"),
    redirect_uri: "http://localhost:9/callback",
    code,
  });

describe("failures", () => {
  test("five wrong passwords lock the name for a second, and each further one for twice as long", async () => {
    const alerts: (string | undefined)[] = [];
    for (let count = 0; count < 5; count += 1) {
      alerts.push(alertOf((await tryPassword("ada", "wrong")).html));
    }
    const whileLocked = await tryPassword("ada", cognito.password);
    time.advance(1.1);
    const sixth = await tryPassword("ada", "wrong");
    time.advance(1.1);
    const afterOneSecond = await tryPassword("ada", cognito.password);
    time.advance(1);
    const afterTwo = await tryPassword("ada", cognito.password);

    expect(alerts).toEqual(Array.from({ length: 5 }, () => "Incorrect username or password."));
    expect(alertOf(whileLocked.html)).toBe("Password attempts exceeded");
    expect(alertOf(sixth.html)).toBe("Incorrect username or password.");
    expect(alertOf(afterOneSecond.html)).toBe("Password attempts exceeded");
    expect(afterTwo.url).toContain("/callback?code=");
  });

  test("a name that nobody has is locked just the same", async () => {
    for (let count = 0; count < 5; count += 1) await tryPassword("nobody", "wrong");

    const sixth = await tryPassword("nobody", "wrong");

    expect(alertOf(sixth.html)).toBe("Password attempts exceeded");
  });

  test("guesses sent at the same moment do not share one count", async () => {
    const session = browser(cognito.url);
    const form = await session.visit(authorizeUrl(cognito, {}));

    const pages = await Promise.all(
      Array.from({ length: 20 }, () => session.submit(form, { username: "eve", password: "x" })),
    );

    const looked = pages.filter(({ html }) => alertOf(html) === "Incorrect username or password.");
    expect(looked).toHaveLength(5);
  });

  test("a quarter of an hour without a try forgives", async () => {
    for (let count = 0; count < 5; count += 1) await tryPassword("mallory", "wrong");
    time.advance(15 * 60 + 2);

    const again = await tryPassword("mallory", "wrong");

    expect(alertOf(again.html)).toBe("Incorrect username or password.");
  });
});

describe("what ends", () => {
  test("a code is good for five minutes", async () => {
    const early = await signInForCallback(cognito);
    time.advance(299);
    const inTime = await exchange(early.searchParams.get("code") ?? "");
    const late = await signInForCallback(cognito);
    time.advance(301);
    const tooLate = await exchange(late.searchParams.get("code") ?? "");

    expect(inTime.status).toBe(200);
    expect(tooLate).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
  });

  test("a session lasts an hour", async () => {
    const session = browser(cognito.url);
    const form = await session.visit(authorizeUrl(cognito, {}));
    await session.submit(form, { username: "ada", password: cognito.password });
    time.advance(3500);
    const within = await session.visit(authorizeUrl(cognito, {}));
    time.advance(200);
    const after = await session.visit(authorizeUrl(cognito, {}));

    expect(within.url).toContain("/callback?code=");
    expect(after.html).toContain("<h1>Sign in</h1>");
  });

  test("a refresh token lasts 30 days unless the client says otherwise", async () => {
    const callback = await signInForCallback(cognito);
    const { json } = await exchange(callback.searchParams.get("code") ?? "");
    const { refresh_token: token } = json as { refresh_token: string };
    const refresh = () =>
      postForm(`${cognito.url}/oauth2/token`, {
        grant_type: "refresh_token",
        client_id: "web",
        client_secret: cognito.secret("web"),
        refresh_token: token,
      });
    time.advance(29 * 86_400);
    const within = await refresh();
    time.advance(2 * 86_400);
    const after = await refresh();

    expect(within.status).toBe(200);
    expect(after).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
  });

  test("a temporary password lasts seven days", async () => {
    const api = await startTestApi(cognito.service);
    const sdk = new CognitoIdentityProviderClient(api.client);
    await sdk.send(
      new AdminCreateUserCommand({
        UserPoolId: POOL_ID,
        Username: "late",
        TemporaryPassword: "Temporary-1234",
      }),
    );
    sdk.destroy();
    await api.close();
    const within = await tryPassword("late", "Temporary-1234");
    time.advance(7 * 86_400 + 1);
    const after = await tryPassword("late", "Temporary-1234");

    expect(within.html).toContain("Choose a new password");
    expect(alertOf(after.html)).toBe(
      "Temporary password has expired and must be reset by an administrator.",
    );
  });
});

describe("what the newer sign-in pages ask for", () => {
  test("a client without a style of its own has no page, as at AWS", async () => {
    const styled = { UserPoolId: POOL_ID, ClientId: "local", UseCognitoProvidedValues: true };
    const strict = await startTestCognito({
      pools: [{ ...poolTemplate(), brandings: [styled] }],
    });

    const plain = await browser(strict.url).visit(authorizeUrl(strict, { client_id: "web" }));
    const page = await browser(strict.url).visit(authorizeUrl(strict, { client_id: "local" }));

    expect([plain.status, plain.html.includes("Login pages unavailable")]).toEqual([400, true]);
    expect(page.html).toContain("<h1>Sign in</h1>");
    await strict.close();
  });
});

describe("what a client may ask of the page", () => {
  test("prompt=none never shows a page", async () => {
    const session = browser(cognito.url);

    const page = await session.visit(authorizeUrl(cognito, { prompt: "none" }));

    expect(page.url).toBe("http://localhost:9/callback?state=st4te&error=login_required");
  });

  test("prompt=login asks again although there is a session", async () => {
    const session = browser(cognito.url);
    const form = await session.visit(authorizeUrl(cognito, {}));
    await session.submit(form, { username: "ada", password: cognito.password });

    const page = await session.visit(authorizeUrl(cognito, { prompt: "login" }));

    expect(page.html).toContain("<h1>Sign in</h1>");
  });
});
