// How long a reader of the console waits: npm run bench -- console. A house with BENCH_RUNS runs over 400 days (100,000),
// looked at in Chromium, Debian's own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { buildTemplate } from "../../scripts/start/build-template.ts";
import { DEMO_HOME_FILE, type RunningHome, startHome } from "../../scripts/start/start-home.ts";
import { chromiumPath, openConsole, startChromium } from "../support/console-reader.ts";
import { fillHouse } from "./fill/audit-house.ts";

const RUNS = Number(process.env.BENCH_RUNS ?? 100_000);
// A machine that is busy fills fewer, the newest, and is done in time.
const FILL_SECONDS = 120;
const TIMES = 15;
const WHOLE = 50;

const scratch = mkdtempSync(join(tmpdir(), "bench-console-"));
const data = join(scratch, "home");
const assembly = await buildTemplate(join(scratch, "cdk.out"));
const start = (): Promise<RunningHome> =>
  startHome({
    assembly: async () => assembly,
    data,
    ports: { gateway: 0, cognito: 0, aws: 0, console: 0, mqtt: 0 },
    homeFile: DEMO_HOME_FILE,
    log: () => undefined,
  });

const print = (what: string, limitMs: number, took: readonly number[]): void => {
  const sorted = took.toSorted((a, b) => a - b);
  const part = (share: number): string =>
    (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(0);
  console.log(
    `${what.padEnd(44)} first ${(took[0] ?? Number.NaN).toFixed(0)} ms   p50 ${part(0.5)} ms   p95 ${part(0.95)} ms, limit ${limitMs} ms`,
  );
};

/** Clicks, and tells after how many milliseconds what was asked for is drawn. */
const untilDrawn = (page: Page, link: string, drawn: string): Promise<number> =>
  page.evaluate(`new Promise((resolve) => {
    const began = performance.now();
    document.querySelector(${JSON.stringify(link)}).click();
    const look = () => {
      const isBusy = document.querySelector('[aria-busy="true"], .opening') !== null;
      const isThere = document.querySelector(${JSON.stringify(drawn)}) !== null;
      if (isThere && !isBusy) resolve(performance.now() - began);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`);

const inChromium = async (home: RunningHome): Promise<void> => {
  const browser = await startChromium();
  const { page, signIn, follow, close } = await openConsole(browser, home.endpoints);
  const list: number[] = [];
  const run: number[] = [];
  await signIn("operator");
  for (let round = 0; round < TIMES; round += 1) {
    await follow("/scenes");
    list.push(await untilDrawn(page, 'nav a[href^="/runs"]', 'tbody a[href*="/runs/"]'));
    run.push(await untilDrawn(page, 'tbody a[href*="/runs/"]', "table .bar"));
  }
  print("from the click to the list of runs", 300, list);
  print("from the click to one run", 200, run);
  await close();
  await browser.close();
};

let home = await start();
const { audit: auditTable } = home.endpoints.aws.tables;
await home.close();
const began = performance.now();
const filled = fillHouse(join(data, "dynamodb.sqlite"), {
  auditTable,
  runs: RUNS,
  whole: WHOLE,
  nowMs: Date.now(),
  seconds: FILL_SECONDS,
});
console.log(
  `filled: ${filled} of ${RUNS} runs in ${((performance.now() - began) / 1000).toFixed(0)} s`,
);
home = await start();
if (chromiumPath === undefined) {
  console.log("There is no Chromium here: nothing was looked at.");
} else {
  await inChromium(home);
}
await home.close();
rmSync(scratch, { recursive: true });
