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
import { untranslated } from "../../support/untranslated.ts";

// What moves without anybody's doing, as browsers count it. (https://web.dev/articles/cls)
const COUNT_SHIFTS = `
let shift = 0;
const add = (entries) => {
  for (const { value, hadRecentInput } of entries) if (!hadRecentInput) shift += value;
};
const observer = new PerformanceObserver((list) => add(list.getEntries()));
observer.observe({ type: "layout-shift", buffered: true });
globalThis.takeShift = () => {
  add(observer.takeRecords());
  const taken = shift;
  shift = 0;
  return taken;
};`;
const SHIFT =
  "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(takeShift()))))";

// What is somebody's name, and what tools say in English, is marked; an option cannot be, and a browser with scripts
// draws no noscript.
const OWN_TEXTS = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.parentElement.closest("bdi, noscript, option, [lang]") !== document.documentElement) continue;
    const text = node.textContent.trim();
    if (text !== "") texts.push(text);
  }
  return texts;
})()`;

describe.skipIf(chromiumPath === undefined)("each page (needs Debian's chromium)", () => {
  let house: Journey;
  let browser: Browser;
  let only: string;

  beforeAll(async () => {
    house = await startJourney({ faults: "hall_lamp=silent" });
    browser = await startChromium();
    const run = await house.client.callTool("run_scene", { scene: "goodnight" });
    only = String(run.run_id);
    await house.client.callTool("schedule_scene", {
      action: "create",
      schedule: "Goodnight on weekdays",
      scene: "goodnight",
      when: "at 22:45 on mon..fri",
    });
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
  const pages = (): readonly string[] => [
    "/",
    "/runs",
    "/runs?result=cut_off",
    `/runs/${only}`,
    "/devices/hall_lamp",
    "/scenes",
    "/scenes/goodnight",
    "/schedules",
    "/schedules/goodnight_on_weekdays",
  ];
  const textsOf = async (page: Page): Promise<readonly string[]> => {
    const texts: unknown = await page.evaluate(OWN_TEXTS);
    return Array.isArray(texts) ? texts.map(String) : [];
  };

  test("the overview of a house after its first run explains itself, and leads to the run", async () => {
    const { page, faults, signIn, settled } = await open();

    await signIn("operator");
    const overview = await page.locator("main").innerText();
    await page.getByRole("link", { name: "Open the newest run" }).click();
    await settled();

    expect(overview).toContain("A new home");
    expect(overview).toContain("Needs attention");
    expect(page.url()).toContain(only);
    expect(faults).toEqual([]);
  });

  test.each([[1280], [390]])("nothing moves while a page comes, at %i px", async (width) => {
    const { page, faults, signIn, follow } = await open({ width });
    await page.addInitScript(COUNT_SHIFTS);

    await signIn("operator");
    const moved: string[] = [];
    for (const path of pages()) {
      if (path !== "/") await follow(path);
      const shift = Number(await page.evaluate(SHIFT));
      if (!(shift < 0.1)) moved.push(`${path}: ${shift.toFixed(3)}`);
    }

    expect(moved).toEqual([]);
    expect(faults).toEqual([]);
  });

  test("in German every page is German, and says so to whoever reads aloud", async () => {
    const { page, faults, signIn, follow } = await open({ locale: "de-DE" });
    await signIn("operator");

    await follow("/runs?result=cut_off");
    const asked = await page.locator("main .note").innerText();
    const found: string[] = [];
    const languages = new Set<string | null>();
    for (const path of pages()) {
      await follow(path);
      languages.add(await page.locator("html").getAttribute("lang"));
      const texts = await textsOf(page);
      if (!texts.includes("Abmelden")) found.push(`${path}: has no texts`);
      found.push(...untranslated(texts).map((text) => `${path}: ${text}`));
    }

    expect([...languages]).toEqual(["de"]);
    expect(asked).toContain("Ergebnis: abgebrochen");
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
  });

  test("a list of more than a page leads to older runs, and back to the newest", async () => {
    const { page, faults, signIn, settled } = await open();
    await signIn("operator");
    const tokens: unknown[] = [];
    await changeAnswers(page, "list_runs", async ({ page: token, ...asked }, ask) => {
      const answer = await ask(asked);
      const [run] = Array.isArray(answer.runs) ? (answer.runs as readonly object[]) : [];
      tokens.push(token);
      const list = (count: number, reason: string): readonly object[] =>
        Array.from({ length: count }, (_, at) => ({
          ...run,
          run_id: `run_${String(at).padStart(20, "0")}`,
          reason,
        }));
      return token === undefined
        ? { ...answer, runs: list(25, "new"), next: 'list_runs {"since":"7d","page":"older-ones"}' }
        : { ...answer, runs: list(3, "old") };
    });

    await page.getByRole("link", { name: "Runs", exact: true }).click();
    await settled();
    const newest = await page.locator("table.runs tbody tr").count();
    await page.getByRole("link", { name: "Older runs" }).click();
    await page.getByRole("link", { name: "Back to the newest" }).waitFor();
    const older = await page.locator("table.runs tbody tr").allInnerTexts();
    const address = page.url();
    const more = await page.getByRole("link", { name: "Older runs" }).count();
    await page.getByRole("link", { name: "Back to the newest" }).click();
    await page.getByRole("link", { name: "Older runs" }).waitFor();

    expect(newest).toBe(25);
    expect(older).toHaveLength(3);
    expect(older[0]).toContain("old");
    expect(address).toContain("page=older-ones");
    expect(more).toBe(0);
    expect(tokens).toEqual([undefined, "older-ones", undefined]);
    expect(faults).toEqual([]);
  });

  test("a schedule that failed shows, and its scene is run again by hand", async () => {
    const { page, faults, signIn, follow, settled } = await open();
    await signIn("operator");
    const failed = { planned_at: "2026-11-26T22:45:00.000Z", outcome: "failed" };
    await changeAnswers(page, "schedule_scene", async (asked, ask) => {
      const answer = await ask(asked);
      if (asked.schedule !== undefined) return { ...answer, history: [failed] };
      const [one] = Array.isArray(answer.schedules) ? (answer.schedules as readonly object[]) : [];
      return { ...answer, schedules: [{ ...one, last: failed }] };
    });

    await follow("/schedules/goodnight_on_weekdays");
    const card = await page.locator("main").innerText();
    await page.getByRole("button", { name: "Run now" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Run it" }).click();
    await page.getByRole("link", { name: "Open the run" }).click({ timeout: 90_000 });
    await settled();
    const run = await page.locator("main").innerText();

    expect(card).toContain("broke off");
    expect(card).toContain("One time was given up");
    expect(run).toContain("Run by hand for the schedule Goodnight on weekdays");
    expect(page.url()).not.toContain(only);
    expect(faults).toEqual([]);
  });
});
