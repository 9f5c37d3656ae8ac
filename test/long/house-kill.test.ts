import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, expect, inject, onTestFinished, test } from "vitest";
import { listedRuns } from "#domain/audit/listed-run.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { logOf, OUTCOME_KEY, REQUEST_KEY, recordName, STACK_LOG } from "#domain/home/keys.ts";
import { isObject } from "#domain/json.ts";
import { RUN_LIMIT_MS } from "#domain/run/run.ts";
import { exportLog } from "../../scripts/audit/export-log.ts";
import { verifyFolder } from "../../scripts/audit/verify-log.ts";
import { runScript } from "../support/command.ts";
import { ask, startStack } from "../support/stack-process.ts";
import { type HouseSealer, openHouseSealer, type Stored } from "./house-sealer.ts";

const KILLS = 20;
const HOME = parseHomeId("home");
const SCENES = ["goodnight", "good_morning", "movie_night", "away"];
// Both have three seconds, and answer later.
const FAULTS = "kitchen_light=slow:4500,hall_lamp=slow:4000";
// From the end of a run until both have.
const LONGEST_WAIT_MS = 2_500;
// No run that has no outcome by then will have one.
const LATER_MS = 2 * RUN_LIMIT_MS;

/** When a house is killed: in the first pass that begins so long after the runs began or ended, after so much of its time. */
const moments = fc.sample(
  fc.record({
    afterMs: fc.noBias(fc.integer({ min: 0, max: LONGEST_WAIT_MS })),
    percentOfPass: fc.noBias(fc.integer({ min: 0, max: 99 })),
  }),
  { numRuns: KILLS, seed: 13 },
);

const counts: string[] = [];
afterAll(() => console.log(["kills of the house:", ...counts].join("\n  ")));

const emptyFolder = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), name));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Starts passes one after the other, and resolves in the middle of the one that is wanted. */
const passUntil = async (
  { pass }: HouseSealer,
  { afterMs, percentOfPass }: (typeof moments)[number],
  hasBegun: () => boolean,
): Promise<{ readonly isUnderWay: () => boolean; readonly ended: Promise<unknown> }> => {
  let beganMs: number | undefined;
  for (;;) {
    if (hasBegun()) beganMs ??= performance.now();
    const passBeganMs = performance.now();
    await pass();
    const tookMs = performance.now() - passBeganMs;
    if (beganMs === undefined || performance.now() - beganMs < afterMs) continue;
    let isUnderWay = true;
    const ended = pass()
      // It is cut off, most of the time.
      .catch(() => undefined)
      .finally(() => {
        isUnderWay = false;
      });
    await pause((tookMs * percentOfPass) / 100);
    return { isUnderWay: () => isUnderWay, ended };
  }
};

const namesOf = ({ records }: Stored, log: string): readonly string[] =>
  records
    .filter(({ PK }) => logOf(String(PK)) === log)
    .map(({ PK, SK }) => recordName(String(PK), String(SK)))
    .toSorted();

const runOf = (partition: unknown): string | undefined =>
  /^HOME#home#RUN#(run_\w+)$/.exec(String(partition))?.[1];

const ofRun = ({ records }: Stored, run: string) => records.filter(({ PK }) => runOf(PK) === run);

/** The acknowledgements of devices that the run's outcome calls timed out. */
const lateIn = (records: Stored["records"]): Stored["records"] => {
  const devices: unknown = records.find(({ SK }) => SK === OUTCOME_KEY)?.devices;
  const timedOut = (Array.isArray(devices) ? devices : []).flatMap((one: unknown) =>
    isObject(one) && one.outcome === "timed_out" ? [`ACK#home-${String(one.device)}#`] : [],
  );
  return records.filter(({ SK }) => timedOut.some((prefix) => String(SK).startsWith(prefix)));
};

// REQ: restart-loses-nothing
// REQ: cut-off-run
// REQ: log-only-grows
// REQ: head-signed-after
// REQ: late-answer
test(`${KILLS} times a house is killed while it seals, with runs and late acknowledgements under way: every record is sealed once, the log verifies, and no run that a caller was told of is without its record`, async () => {
  const [data, evidence] = [emptyFolder("house-"), emptyFolder("evidence-")];
  const knownHeads = join(evidence, "known-heads");
  cpSync(inject("assembly"), join(data, "cdk.out"), { recursive: true });
  const start = () => startStack({ data, mqtt: ["--mqtt-port", "0"], faults: FAULTS });
  const verifyLive = (older: readonly string[] = []) =>
    runScript("audit.ts", [
      ...["verify", "--live", "--data", data, "--known-heads", knownHeads],
      ...older.flatMap((head) => ["--older", head]),
    ]);
  // How a run ended, as its caller was told; who was cut off asks again, and is told that there is one.
  const told = new Map<string, unknown>();
  const heads: string[] = [];
  let [inPass, held, unsigned, unanswered] = [0, 0, 0, 0];

  let stack = await start();
  onTestFinished(() => {
    stack.child.kill("SIGKILL");
  });
  let sealer = await openHouseSealer(data);
  await ask(stack.endpoints, "run_scene", { scene: "movie_night", request_id: "first" }).then(
    (answer) => told.set(String(answer.run_id), answer.result),
  );
  await sealer.pass();
  const first = await verifyLive();
  for (const [round, moment] of moments.entries()) {
    const asked = [0, 1].map((one) => {
      const scene = SCENES[(round + one) % SCENES.length] ?? "";
      return { scene, request_id: `${scene} ${round}` };
    });
    const cutOff: string[] = [];
    let answers = 0;
    const answered = asked.map(async (request) => {
      try {
        const { run_id, result } = await ask(stack.endpoints, "run_scene", request);
        told.set(String(run_id), result);
        answers += 1;
      } catch (error) {
        if (!stack.child.killed) throw error;
        cutOff.push(request.request_id);
      }
    });
    // Every third house lives to see its runs end, so that answers come late when it dies.
    const last = await passUntil(sealer, moment, () => round % 3 !== 0 || answers === asked.length);
    if (last.isUnderWay()) inPass += 1;
    stack.child.kill("SIGKILL");
    await Promise.all([stack.exited, last.ended, ...answered]);
    sealer.close();

    stack = await start();
    sealer = await openHouseSealer(data);
    const stored = await sealer.read();
    if (stored.isHeld) held += 1;
    if (stored.isUnsigned) unsigned += 1;
    heads.push(join(evidence, `head-${round}`));
    writeFileSync(join(evidence, `head-${round}`), stored.noteOf(HOME));
    await sealer.endLeases();
    for (const request_id of cutOff) {
      const { run_id } = await ask(stack.endpoints, "get_run", { request_id });
      if (run_id === undefined) unanswered += 1;
      else told.set(String(run_id), undefined);
    }
  }
  await ask(stack.endpoints, "run_scene", { scene: "goodnight", request_id: "last" }).then(
    (answer) => told.set(String(answer.run_id), answer.result),
  );
  const lastRun = () => ask(stack.endpoints, "get_run", { request_id: "last" });
  await expect
    .poll(async () => (await lastRun()).devices_not_confirmed, { timeout: 30_000, interval: 200 })
    .toEqual(
      ["hall_lamp", "kitchen_light"].map((device): unknown =>
        expect.objectContaining({ device, outcome: "confirmed_late" }),
      ),
    );
  const isAllSealed = async (): Promise<boolean> => {
    const { sealed, unsealed } = await sealer.pass();
    const stored = await sealer.read();
    return (
      sealed === 0 &&
      unsealed === 0 &&
      stored.records.length === stored.entriesOf(HOME).length + stored.entriesOf(STACK_LOG).length
    );
  };
  await expect.poll(isAllSealed, { timeout: 30_000, interval: 200 }).toBe(true);
  const end = await sealer.read();
  const live = await verifyLive(heads);
  const later = join(evidence, "later");
  await exportLog(sealer.registry, HOME, later, Date.now() + LATER_MS);
  const muchLater = await verifyFolder(later, { older: [], knownHeads });
  sealer.close();
  await stack.end();

  for (const log of [HOME, STACK_LOG]) {
    const entries = end.entriesOf(log);
    expect(entries.map(({ record }) => record).toSorted()).toEqual(namesOf(end, log));
    expect(end.receiptsOf(log)).toEqual(entries);
    expect(entries.map(({ index }) => index)).toEqual([...entries.keys()]);
  }
  const size = end.entriesOf(HOME).length;
  expect(first).toMatchObject({ code: 0 });
  expect(live).toMatchObject({ code: 0 });
  expect(live.output).toContain(`verified: smarthome.home: a log of ${size} entries\n`);
  expect(live.output).toContain(
    `The log begins as ${KILLS + 1} heads that were seen before say.\n`,
  );

  // Every run that left anything behind has its request, and its caller was told of it.
  const runs = new Set(end.records.flatMap(({ PK }) => runOf(PK) ?? []));
  expect([...told.keys()].toSorted()).toEqual([...runs].toSorted());
  const shown = [...told].map(([run, result]) => {
    const items = ofRun(end, run).filter(({ SK }) => SK === REQUEST_KEY || SK === OUTCOME_KEY);
    const day = String(items.find(({ SK }) => SK === REQUEST_KEY)?.requestedAt).slice(0, 10);
    const [listed] = listedRuns(items, HOME, day, Date.now() + LATER_MS);
    return { run, result, end: listed?.end };
  });
  expect(shown.filter(({ result, end: how }) => result !== undefined && how !== result)).toEqual(
    [],
  );
  expect(shown.filter(({ end: how }) => how === undefined || how === "running")).toEqual([]);
  // Later too it finds no fault, and says of which runs nobody knows how they ended.
  const cutOff = shown.filter(({ end: how }) => how === "cut_off").map(({ run }) => run);
  expect(muchLater.lines.filter((line) => line.startsWith("  ✗ "))).toEqual([]);
  const named = muchLater.lines.join("\n").match(/How \d+ runs? ended \(([^)]*)\)/)?.[1] ?? "";
  expect(named.split(", ").filter((run) => run !== "")).toEqual(cutOff.toSorted());

  const late = [...runs].flatMap((run) => lateIn(ofRun(end, run)));
  expect(late.length).toBeGreaterThanOrEqual(2);
  counts.push(
    `${KILLS} kills, ${inPass} of them in a pass of the sealer: ${held} left a log held, ${unsigned} a head unsigned`,
    `${told.size} runs, ${cutOff.length} of them cut off, ${unanswered} that had not begun; ${late.length} acknowledgements of devices that had timed out`,
    `${end.records.length} records sealed once; ${size} entries verified, against ${KILLS + 1} older heads`,
  );
}, 600_000);
