import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { changeAnswers } from "../../support/console-answers.ts";
import {
  type ConsoleReader,
  chromiumPath,
  openConsole,
  startChromium,
} from "../../support/console-reader.ts";
import { type Journey, startJourney } from "../../support/journey.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

describe.skipIf(chromiumPath === undefined)("the console (needs Debian's chromium)", () => {
  let house: Journey;
  let browser: Browser;
  let goodnight: string;
  const pictures = mkdtempSync(join(tmpdir(), "console-"));

  beforeAll(async () => {
    house = await startJourney({ faults: "hall_lamp=silent" });
    browser = await startChromium();
    const run = await house.client.callTool("run_scene", {
      scene: "goodnight",
      reason: "going to bed",
    });
    goodnight = String(run.run_id);
    await house.client.callTool("run_scene", { scene: "good_morning" });
    await house.client.callTool("run_scene", { scene: "goodnight" });
    await house.client.callTool("schedule_scene", {
      action: "create",
      schedule: "Goodnight on weekdays",
      scene: "goodnight",
      when: "at 22:45 on mon..fri",
    });
    process.stdout.write(`Screenshots of the console: ${pictures}\n`);
  });
  afterAll(async () => {
    await browser?.close();
    await house?.close();
  });

  const open = async (look?: Parameters<typeof openConsole>[2]): Promise<ConsoleReader> => {
    const reader = await openConsole(browser, house.home.endpoints, look);
    onTestFinished(() => reader.close());
    return reader;
  };
  const picture = (page: Page, name: string) =>
    page.screenshot({
      path: join(pictures, `${name}.png`),
      animations: "disabled",
      caret: "hide",
      fullPage: true,
    });
  const verify = async (page: Page): Promise<void> => {
    // The sealer comes every minute.
    await expect
      .poll(
        async () => {
          await page.getByRole("button", { name: "Verify now" }).click();
          await page.getByRole("button", { name: "Verify now" }).waitFor();
          return page.getByRole("heading", { name: "Proved by this browser" }).count();
        },
        { timeout: 150_000, interval: 5_000 },
      )
      .toBe(1);
  };

  // REQ: console-operator
  test("an operator finds the partly done goodnight, sees which device failed, has it proved, undoes it and signs out", async () => {
    const { page, faults, signIn, settled } = await open();

    await signIn("operator");
    await page.getByRole("table", { name: "Needs attention" }).getByRole("link").last().click();
    await settled();
    const address = page.url();
    const problem = await page.locator(".note.warn").innerText();
    const bar = await page
      .getByRole("row", { name: /Hall lamp/ })
      .locator(".bar")
      .getAttribute("class");
    await verify(page);
    const proof = await page.locator(".note.good").innerText();
    await page.getByRole("button", { name: "Undo this run" }).click();
    await page.getByRole("dialog").getByLabel(/Why/).fill("not yet tired");
    await page.getByRole("dialog").getByRole("button", { name: "Undo this run" }).click();
    await page.getByRole("link", { name: "Open the run" }).click({ timeout: 90_000 });
    await settled();
    const undone = await page.locator("main").innerText();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    const kept = await page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })");

    expect(address).toContain(goodnight);
    expect(problem).toContain("One device is not as asked");
    expect(problem).toMatch(/Hall lamp\s+✕\s+no answer/);
    expect(bar).toContain("dashed");
    expect(proof).toContain("records are exactly as they were sealed.");
    expect(proof).toContain("What this page shows is what the sealed outcome says.");
    expect(undone).toContain("not yet tired");
    expect(undone).not.toContain(goodnight);
    // No token outlives the page.
    expect(kept).not.toMatch(/eyJ/);
    expect(faults).toEqual([]);
  });

  test("who signs out is out, though no connection took the refresh token back", async () => {
    const { page, signIn } = await open();
    await signIn("operator");
    await page.route("**/oauth2/revoke", (route) => route.abort());

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).click();

    await page.getByLabel("Username", { exact: true }).waitFor();
    expect(new URL(page.url()).origin).toBe(new URL(house.home.endpoints.cognito.domain).origin);
  });

  // REQ: console-roles
  test("a guest sees what scenes would do, and is told that runs are for operators", async () => {
    const { page, faults, signIn, follow, barriers } = await open();

    await signIn("guest");
    const runs = await page.locator("main").innerText();
    await follow(`/runs/${goodnight}`);
    await follow("/scenes/goodnight");
    const plan = await page.getByRole("table", { name: /close and lock/ }).innerText();
    const buttons = await page.getByRole("main").getByRole("button").allInnerTexts();
    await picture(page, "guest-scenes");

    expect(runs).toContain("Only operators of the home see them");
    expect(plan).toContain("Front door");
    expect(buttons).toEqual([]);
    expect(await barriers()).toEqual([]);
    expect(faults).toEqual([]);
  });

  // REQ: console-roles
  test("a resident runs a scene and sees its result; the list of runs is not theirs", async () => {
    const { page, faults, signIn, follow, settled } = await open();

    await signIn("resident");
    const overview = await page.locator("main").innerText();
    await follow("/scenes/movie_night");
    await page.getByRole("button", { name: "Run it" }).click();
    await page.getByRole("dialog").getByLabel(/Why/).fill("popcorn");
    await page.getByRole("dialog").getByRole("button", { name: "Run it" }).click();
    await page.getByRole("link", { name: "Open the run" }).click({ timeout: 90_000 });
    await settled();
    const run = await page.locator("main").innerText();

    expect(overview).toContain("Not for your role in this home");
    expect(run).toContain("Movie night");
    expect(run).toContain("popcorn");
    expect(run).not.toContain("Verify now");
    expect(faults).toEqual([]);
  });

  test("a schedule that is run now, and outlasts its answer, is a line that lives until the run's end", async () => {
    const { page, faults, signIn, follow } = await open();
    await signIn("operator");
    // The silent lamp keeps the run for seconds; the answer comes at once.
    await changeAnswers(page, "run_scene", (asked, ask) => ask({ ...asked, wait_s: 0 }));

    await follow("/schedules/goodnight_on_weekdays");
    await page.getByRole("button", { name: "Run now" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Run it" }).click();
    const line = page.locator("main .wide [aria-live]");
    await line.getByText("is still running").waitFor();
    const first = await line.innerText();
    await picture(page, "run-now-running");
    await line.getByText("Hall lamp did not answer").waitFor();
    const last = await line.innerText();
    await picture(page, "run-now-ended");

    expect(first).toMatch(/running\s+Goodnight is still running: \d+ of 14 devices confirmed/);
    expect(last).toMatch(/partly done\s+Goodnight: 13 of 14 devices confirmed/);
    expect(last).not.toContain("still running");
    expect(faults).toEqual([]);
  });

  const PAGES = [
    ["overview", "/"],
    ["runs", "/runs"],
    ["runs-none", "/runs?result=cut_off"],
    ["run", "/runs/"],
    ["device", "/devices/hall_lamp"],
    ["scenes", "/scenes/goodnight"],
    ["schedules", "/schedules/goodnight_on_weekdays"],
  ] as const;

  // REQ: console-accessible
  test.each([
    ["light", 1280, "en-GB"],
    ["dark", 1280, "de-DE"],
    ["light", 390, "de-DE"],
    ["dark", 390, "en-GB"],
  ] as const)(
    "every page is without barriers and fits: %s, %i px, %s",
    async (scheme, width, locale) => {
      const { page, faults, signIn, follow, barriers } = await open({ scheme, width, locale });

      await signIn("operator");
      const found: string[] = [];
      for (const [name, path] of PAGES) {
        await follow(name === "run" ? `${path}${goodnight}` : path);
        await picture(page, `${name}-${scheme}-${String(width)}`);
        found.push(...(await barriers()).map((barrier) => `${name}: ${barrier}`));
        const over = await page.evaluate(
          "document.documentElement.scrollWidth - document.documentElement.clientWidth",
        );
        if (over !== 0) found.push(`${name}: ${String(over)} px too wide`);
      }

      expect(found).toEqual([]);
      expect(faults).toEqual([]);
    },
  );

  test("the picture that the README shows", async () => {
    const { page, signIn, follow } = await open();
    await page.setViewportSize({ width: 1200, height: 1100 });
    await signIn("operator");
    await follow(`/runs/${goodnight}`);

    const devTools = await page.context().newCDPSession(page);
    // Playwright's own screenshots are PNG or JPEG; this is a third of the size, with letters as sharp.
    const { data } = await devTools.send("Page.captureScreenshot", { format: "webp", quality: 90 });
    const image = Buffer.from(data, "base64");
    const path = join(pictures, "readme.webp");
    writeFileSync(path, image);
    if (process.env.CONSOLE_PICTURE !== undefined) {
      writeFileSync(join(ROOT, "infra", "console", "run.webp"), image);
    }

    expect(image.length).toBeLessThan(150_000);
    expect(await page.getByRole("row", { name: /Hall lamp/ }).count()).toBe(1);
  });

  describe("the keyboard alone", () => {
    const focused = (page: Page): Promise<unknown> =>
      page.evaluate(
        "(document.activeElement.textContent || document.activeElement.tagName).trim()",
      );
    const tabTo = async (page: Page, text: string): Promise<void> => {
      for (let at = 0; at < 80; at += 1) {
        await page.keyboard.press("Tab");
        if (String(await focused(page)).startsWith(text)) return;
      }
      throw new Error(`The keyboard does not reach ${text}.`);
    };

    test("gets everywhere: skip link, pages, scale, a dialog that Escape leaves", async () => {
      const { page, faults, signIn, settled } = await open();

      await signIn("operator");
      await page.keyboard.press("Tab");
      const first = await focused(page);
      await tabTo(page, "Scenes");
      await page.keyboard.press("Enter");
      await settled();
      const atMain = await page.evaluate("document.activeElement.id");
      await tabTo(page, "Goodnight");
      await page.keyboard.press("Enter");
      await settled();
      await tabTo(page, "Run it");
      await page.keyboard.press("Enter");
      const asked = await page.getByRole("dialog").innerText();
      await page.keyboard.press("Escape");
      const closed = await page.getByRole("dialog").count();
      const back = await focused(page);

      expect(first).toBe("Skip to the content");
      expect(atMain).toBe("main");
      expect(asked).toContain("Run Goodnight?");
      expect([closed, back]).toEqual([0, "Run it"]);
      expect(faults).toEqual([]);
    });

    test("opens each page from the navigation, a run, verifies it, and asks to undo it", async () => {
      const { page, faults, signIn, settled } = await open();

      await signIn("operator");
      const titles: string[] = [];
      for (const title of ["Scenes", "Schedules", "Overview", "Runs"]) {
        await tabTo(page, title);
        await page.keyboard.press("Enter");
        await settled();
        titles.push(await page.locator("main h1").innerText());
      }
      await tabTo(page, "Goodnight");
      await page.keyboard.press("Enter");
      await settled();
      const run = page.url();
      await tabTo(page, "Verify now");
      await page.keyboard.press("Enter");
      const finding = page.getByRole("heading", {
        name: /^(Proved by this browser|Not sealed yet)$/,
      });
      await finding.waitFor();
      await tabTo(page, "Undo this run");
      await page.keyboard.press("Enter");
      const asked = await page.getByRole("dialog").innerText();
      await page.keyboard.press("Escape");
      const back = await focused(page);

      expect(titles).toEqual(["Scenes", "Schedules", "Overview", "Runs"]);
      expect(run).toMatch(/\/runs\/run_[0-9a-z]{20}$/);
      expect(asked).toContain("Why");
      expect(back).toBe("Undo this run");
      expect(faults).toEqual([]);
    });
  });

  const HTML = "<!doctype html><title>504</title><h1>504 Gateway Timeout ERROR</h1>";

  // REQ: console-problems
  test.each([
    [401, "application/json", "{}", "You are signed out"],
    [403, "text/html", HTML, "You may not see this"],
    [404, "text/html", HTML, "There is no gateway at this address"],
    [429, "application/json", "{}", "Too many calls at once"],
    [504, "text/html", HTML, "No answer in time"],
    [502, "text/html", HTML, "The gateway broke off"],
    [200, "text/html", HTML, "Something else answered"],
  ] as const)("%i with %s arrives as what it is", async (status, contentType, body, told) => {
    const { page, signIn } = await open();
    await signIn("operator");

    await page.route("**/mcp", (route) => route.fulfill({ status, contentType, body }));
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    await page.getByRole("heading", { name: told }).waitFor();

    expect(await page.locator("main h1").innerText()).toBe("Runs");
  });

  test("no connection is told too, and the page goes on when it is back", async () => {
    const { page, signIn } = await open();
    await signIn("operator");

    await page.route("**/mcp", (route) => route.abort());
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    await page.getByRole("heading", { name: "No connection" }).waitFor();
    await page.unroute("**/mcp");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("table", { name: "Runs" }).waitFor();

    expect(await page.getByRole("heading", { name: "No connection" }).count()).toBe(0);
  });

  const HOSTILE = [
    "<img src=x onerror=document.title='owned'>",
    "\u202eevil\u202c lamp",
    "W".repeat(64),
    "لمبة الصالة",
  ] as const;
  const BEGIN = Date.parse("2026-11-27T22:45:00.000Z");
  const iso = (afterMs: number): string => new Date(BEGIN + afterMs).toISOString();
  const manyDevices = Array.from({ length: 200 }, (_, at) => ({
    device: `device_${String(at)}`,
    name: HOSTILE[at] ?? `Lamp ${String(at)}`,
    stage: at < 100 ? "one" : "<b>two</b>",
    outcome: at === 7 ? "offline" : at % 50 === 49 ? "confirmed_late" : "confirmed",
    asked: "off",
    before: "on",
    after: "off",
    asked_at: iso(0),
    window_seconds: at === 5 ? 90 : 2,
    ...(at === 7 ? { withdrawn: true } : { answered_at: iso(at === 5 ? 60_000 : 40 + at) }),
  }));

  // REQ: console-hostile-names
  test.each([[1280], [390]])(
    "200 devices with names that attack, a cover of 60 s beside lamps of 40 ms, at %i px",
    async (width) => {
      const { page, faults, signIn, follow, barriers } = await open({ width });
      await signIn("operator");
      await changeAnswers(page, "explain_run", async (asked, ask) => ({
        ...(await ask(asked)),
        requested_at: iso(0),
        scene_name: HOSTILE[0],
        reason: `${HOSTILE[0]} ${HOSTILE[1]}`,
        devices: manyDevices,
      }));

      await follow(`/runs/${goodnight}`);
      const names = await page.locator(".waterfall tbody th[scope=row]").allTextContents();
      await page.getByLabel("How fast").check();
      const fast = await page.locator(".waterfall .bar").count();
      await picture(page, `hostile-${String(width)}`);

      expect(names).toHaveLength(200);
      expect(names.slice(0, 4)).toEqual([
        HOSTILE[0],
        "\\u{202e}evil\\u{202c} lamp",
        HOSTILE[2],
        HOSTILE[3],
      ]);
      expect(fast).toBe(200);
      expect(await page.title()).toBe("Home console");
      expect(await page.locator("main img").count()).toBe(0);
      expect(
        await page.evaluate(
          "document.documentElement.scrollWidth - document.documentElement.clientWidth",
        ),
      ).toBe(0);
      expect(await barriers()).toEqual([]);
      expect(faults).toEqual([]);
    },
  );

  // REQ: console-hostile-names
  test("names in filters, questions and answers turn nothing and hide nothing", async () => {
    const { page, faults, signIn, settled } = await open();
    await page.route("**/mcp", async (route) => {
      if (!String(route.request().postData()).includes("get_home")) return route.continue();
      const answer = await route.fetch();
      const hostile = (await answer.text())
        .replaceAll("Goodnight", "Good\u202enight")
        .replaceAll("Hall lamp", "Hall\u202elamp");
      return route.fulfill({ response: answer, body: hostile });
    });
    await signIn("operator");

    await page.getByRole("link", { name: "Runs", exact: true }).click();
    await settled();
    const options = await page.locator("option").allTextContents();
    await page.getByRole("link", { name: "Scenes", exact: true }).click();
    await page.getByRole("link", { name: /^Good\\u/ }).click();
    await settled();
    await page.getByRole("button", { name: "Run it" }).click();
    const question = await page.getByRole("dialog").getByRole("heading").innerText();

    expect(options).toContain("Good\\u{202e}night");
    expect(options).toContain("Hall\\u{202e}lamp");
    expect(question).toBe("Run Good\\u{202e}night?");
    expect(faults).toEqual([]);
  });

  test("what opens a way into the home is shown, and runs only after a yes", async () => {
    const { page, faults, signIn, follow } = await open();
    await signIn("resident");
    const asked: object[] = [];
    await page.route("**/mcp", (route) => {
      const message = JSON.parse(String(route.request().postData())) as {
        readonly id?: number;
        readonly params?: { readonly name?: string; readonly arguments?: object };
      };
      const { name = "", arguments: given = {} } = message.params ?? {};
      if (!name.endsWith("run_scene")) return route.continue();
      asked.push(given);
      const structuredContent =
        asked.length === 1
          ? {
              result: "needs_approval",
              say: "Good morning would unlock Front door.",
              approval_id: "apv_0123456789abcdefghjk",
              needs_approval: [{ device: "front_door", name: "Front door", what: "unlock" }],
            }
          : { result: "done", say: "Good morning is done.", run_id: goodnight };
      const content = [{ type: "text", text: JSON.stringify(structuredContent) }];
      const result = { content, structuredContent };
      return route.fulfill({ json: { jsonrpc: "2.0", id: message.id, result } });
    });

    await follow("/scenes/good_morning");
    await page.getByRole("button", { name: "Run it" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Run it" }).click();
    await page.getByRole("button", { name: "Yes, do it" }).waitFor();
    const shown = await page.locator("main .note.warn").innerText();
    await page.getByRole("button", { name: "Yes, do it" }).click();
    await page.getByRole("link", { name: "Open the run" }).waitFor();

    expect(shown).toContain("unlock Front door");
    expect(asked).toEqual([
      expect.not.objectContaining({ approval_id: expect.anything() as string }),
      expect.objectContaining({ scene: "good_morning", approval_id: "apv_0123456789abcdefghjk" }),
    ]);
    expect(faults).toEqual([]);
  });

  test("five runs at once are five lines, and of one that a gate stopped the page says what was never reached", async () => {
    const { page, faults, signIn, follow, barriers } = await open();
    await signIn("operator");
    await house.home.house.setFault("front_door", "refuse");
    onTestFinished(() => house.home.house.setFault("front_door"));

    const runs = await Promise.all(
      ["goodnight", "movie_night", "good_morning", "away", "movie_night"].map((scene) =>
        house.client.callTool("run_scene", { scene, reason: "five at once" }),
      ),
    );
    await follow("/runs");
    const addresses = await page
      .getByRole("table", { name: "Runs" })
      .getByRole("link")
      .evaluateAll((links) => links.map((link) => String(link.getAttribute("href"))));
    const stopped = runs.find(({ scene, result }) => scene === "goodnight" && result === "stopped");
    await follow(`/runs/${String(stopped?.run_id)}`);
    const alarm = await page.getByRole("row", { name: /^Alarm/ }).innerText();
    const told = await page.locator("main").innerText();
    await picture(page, "stopped");

    for (const { run_id } of runs) {
      expect(addresses.filter((one) => one.includes(String(run_id)))).not.toEqual([]);
    }
    expect(stopped).toMatchObject({ result: "stopped" });
    expect(alarm).toContain("Nothing was sent");
    expect(told).toContain("stopped");
    expect(await barriers()).toEqual([]);
    expect(faults).toEqual([]);
  });

  test("a device that is no longer there has its history, and is told to be gone", async () => {
    const { page, faults, signIn, follow } = await open();
    await signIn("operator");

    await follow("/devices/porch_lamp");

    expect(await page.locator("main").innerText()).toContain(
      "This device is no longer in the home",
    );
    expect(faults).toEqual([]);
  });
});
