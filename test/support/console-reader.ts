import { existsSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Endpoints } from "../../scripts/command/endpoints.ts";

/** Debian's browser, or Ubuntu's; undefined where there is none. */
export const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) =>
  existsSync(path),
);

/** Starts it; as root it has no sandbox. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: ["--no-sandbox"],
  });

// Looked at in the page, frame by frame: its policy forbids what Playwright's waitForFunction does with a text.
const UNTIL_SETTLED = `new Promise((settled) => {
  const look = () => {
    const isBusy = document.querySelector('[aria-busy="true"], .opening') !== null;
    const isThere = document.querySelector("main h1, main .note") !== null;
    if (isThere && !isBusy) settled();
    else requestAnimationFrame(look);
  };
  look();
})`;

/** Somebody in front of the console. */
export interface ConsoleReader {
  readonly page: Page;
  /** What went wrong on the way: console errors, breaches of the content security policy, requests to strangers. */
  readonly faults: readonly string[];
  /** Signs in as one of the house's users. */
  signIn(username: string): Promise<void>;
  /** Follows an address within the page, as a link would, and waits until it is there. */
  follow(path: string): Promise<void>;
  settled(): Promise<void>;
  /** What axe finds serious or critical. */
  barriers(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Opens the console in a browser of its own: no cookie, no storage of anybody else. */
export const openConsole = async (
  browser: Browser,
  endpoints: Endpoints,
  look: {
    readonly scheme?: "light" | "dark";
    readonly width?: number;
    readonly locale?: string;
  } = {},
): Promise<ConsoleReader> => {
  const { scheme = "light", width = 1280, locale = "en-GB" } = look;
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 800 },
    colorScheme: scheme,
    reducedMotion: "reduce",
    timezoneId: "UTC",
    locale,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  const own = [new URL(endpoints.console.url).origin, new URL(endpoints.cognito.domain).origin];
  await page.addInitScript(
    `addEventListener("securitypolicyviolation", (e) => console.error("CSP", e.violatedDirective, e.blockedURI, e.sample));`,
  );
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== "data:" && !own.includes(origin)) faults.push(`foreign: ${request.url()}`);
  });
  page.on("response", (response) => {
    const isPage = response.request().resourceType() === "document" && response.status() === 200;
    const isOwn = response.url().startsWith(endpoints.console.url);
    if (isPage && isOwn && response.headers()["content-security-policy"] === undefined) {
      faults.push(`without a policy: ${response.url()}`);
    }
  });
  const settled = async (): Promise<void> => {
    await page.evaluate(UNTIL_SETTLED);
  };
  return {
    page,
    faults,
    settled,
    signIn: async (username) => {
      const password = endpoints.cognito.users.find((user) => user.username === username)?.password;
      if (password === undefined) throw new Error(`nobody here is called ${username}`);
      await page.goto(`${endpoints.console.url}/`);
      await page.getByRole("button", { name: /^(Sign in|Anmelden)$/ }).click();
      await page.getByLabel("Username", { exact: true }).fill(username);
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("button", { name: /^(Sign out|Abmelden)$/ }).waitFor();
      await settled();
    },
    follow: async (path) => {
      await page.evaluate(
        `history.pushState(null, "", ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent("popstate"));`,
      );
      // Drawn in the next frame; what it asks for then makes it busy.
      await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))");
      await settled();
    },
    barriers: async () => {
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
        .analyze();
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
        );
    },
    close: () => context.close(),
  };
};
