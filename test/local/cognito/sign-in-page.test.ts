import { existsSync } from "node:fs";
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApi } from "./api-support.ts";
import { authorizeUrl, POOL_ID, startTestCognito, type TestCognito } from "./support.ts";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) =>
  existsSync(path),
);

describe.skipIf(executablePath === undefined)("the sign-in page (needs Debian's chromium)", () => {
  let cognito: TestCognito;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    cognito = await startTestCognito();
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ["--no-sandbox"],
    });
    page = await (await browser.newContext()).newPage();
  });
  afterAll(async () => {
    await browser.close();
    await cognito.close();
  });

  const field = (name: string) => page.getByLabel(name, { exact: true });
  const press = (name: string) => page.getByRole("button", { name }).click();
  // Nothing listens at the redirect address: what counts is that the browser goes there.
  const redirected = () =>
    page.waitForRequest((request) => request.url().startsWith("http://localhost:9/callback"));

  test("a wrong password is said aloud and marked, the right one leads back to the client", async () => {
    const messages: string[] = [];
    page.on("console", (message) => messages.push(message.text()));

    await page.goto(authorizeUrl(cognito, {}));
    await field("Username").fill("ada");
    await field("Password").fill("wrong");
    await press("Sign in");
    await page.getByRole("alert").waitFor();
    const alert = await page.getByRole("alert").textContent();
    const described = await field("Password").getAttribute("aria-describedby");
    const kept = await field("Username").inputValue();
    const focused = await page.evaluate("document.activeElement.id");
    const callback = redirected();
    await field("Password").fill(cognito.password);
    await page.keyboard.press("Enter");

    expect(alert).toBe("Incorrect username or password.");
    expect([described, kept, focused]).toEqual(["error", "ada", "password"]);
    expect((await callback).url()).toMatch(/^http:\/\/localhost:9\/callback\?code=.+&state=st4te$/);
    // The content security policy let the style in, and the form go where it should.
    expect(messages.filter((text) => text.includes("Content Security Policy"))).toEqual([]);
  });

  test("a temporary password must be replaced before the client gets anything", async () => {
    const api = await startTestApi(cognito.service);
    const sdk = new CognitoIdentityProviderClient(api.client);
    await sdk.send(
      new AdminCreateUserCommand({
        UserPoolId: POOL_ID,
        Username: "grace",
        TemporaryPassword: "Temporary-1234",
      }),
    );
    await page.context().clearCookies();

    await page.goto(authorizeUrl(cognito, {}));
    await field("Username").fill("grace");
    await field("Password").fill("Temporary-1234");
    await press("Sign in");
    await page.getByRole("heading", { name: "Choose a new password" }).waitFor();
    await field("New password").fill("short");
    await field("New password again").fill("short");
    await press("Set password");
    await page.getByRole("alert").waitFor();
    const alert = await page.getByRole("alert").textContent();
    const callback = redirected();
    await field("New password").fill("Permanent-1234");
    await field("New password again").fill("Permanent-1234");
    await press("Set password");

    expect(alert).toBe("Password not long enough");
    expect((await callback).url()).toContain("?code=");
    sdk.destroy();
    await api.close();
  });

  test("every field has a label, the page a language and a heading, and nothing needs a script", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();

    await plain.goto(authorizeUrl(cognito, {}));

    expect(await plain.locator("html").getAttribute("lang")).toBe("en");
    expect(await plain.getByRole("heading", { level: 1 }).textContent()).toBe("Sign in");
    expect(await plain.getByLabel("Username").getAttribute("autocomplete")).toBe("username");
    expect(await plain.getByLabel("Password").getAttribute("autocomplete")).toBe(
      "current-password",
    );
    expect(await plain.title()).toBe("Sign in");
    await context.close();
  });
});
