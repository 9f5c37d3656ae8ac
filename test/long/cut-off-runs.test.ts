import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { isObject } from "#domain/json.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { sweepLater } from "../support/later-sweeper.ts";

/** Where a run is killed: before a call of its workflow or of its functions is carried out, or when it was and nobody was told. */
interface Aim {
  readonly step: string;
  readonly isBefore: boolean;
}

const { kills } = vi.hoisted(() => ({
  kills: {
    /** What the run that goes on has called so far. */
    steps: [] as string[],
    run: undefined as string | undefined,
    aim: undefined as { readonly step: string; readonly isBefore: boolean } | undefined,
    dead: new Set<string>(),
    struck: () => {},
  },
}));

// Everything that the workflow of a run and its functions do goes through the one endpoint. From the moment at which a run
// is killed nothing of it is carried out any more, whoever tries again.
vi.mock("#local/endpoint/aws-endpoint.ts", async (original) => {
  const { carryOutOrKill, killed, watchedEndpoint } = await import(
    "../support/watched-endpoint.ts"
  );
  const who = "The run";
  return watchedEndpoint(await original(), (call) => {
    const { request, action } = call;
    const by = /RunScene(\w*?)Role/.exec(request.caller.roleArn ?? "")?.[1];
    const text = `${request.path} ${request.body.toString("utf8")}`;
    const run = /run_[0-9a-hjkmnp-tv-z]{20}/.exec(text)?.[0];
    if (by === undefined || run === undefined) return call.carryOut();
    if (kills.dead.has(run)) throw killed(who);
    if (run !== kills.run) {
      kills.run = run;
      kills.steps = [];
    }
    const same = `${by === "" ? "run-scene" : by} ${action}`;
    const step = `${same} ${kills.steps.filter((one) => one.startsWith(same)).length}`;
    kills.steps.push(step);
    const isAimedAt = kills.aim?.step === step;
    const side = kills.aim?.isBefore === true ? "before" : "after";
    return carryOutOrKill(call, isAimedAt ? side : undefined, who, () => {
      kills.dead.add(run);
      kills.aim = undefined;
      kills.struck();
    });
  });
});

let house: Journey;
let sweep: Awaited<ReturnType<typeof sweepLater>>;
const unanswered: Promise<unknown>[] = [];
const counts: string[] = [];

beforeAll(async () => {
  house = await startJourney({ faults: "hall_lamp=offline" });
  sweep = await sweepLater(house);
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.allSettled(unanswered);
  await house?.close();
  console.log(["kills of runs:", ...counts].join("\n  "));
}, 60_000);

const DEVICES = [
  { device: "hall_lamp", want: { light: { on: false } } },
  { device: "kitchen_light", want: { light: { on: false } } },
];

// Each is a run of its own: without a request id it would join the one that was killed before.
const start = (): Promise<unknown> =>
  house.client
    .callTool("set_devices", { devices: DEVICES, request_id: randomUUID() })
    .catch(String);

/** The calls of a run that nobody kills, up to the third of each sort: looks for acknowledgements are many. */
const stepsOfARun = async (): Promise<readonly string[]> => {
  await start();
  return kills.steps.filter((step) => / [0-2]$/.test(step));
};

// REQ: sweeper
// REQ: cut-off-run
test("killed on both sides of each call of its workflow and its functions, a run leaves no command, and its record says what is known", async () => {
  const steps = await stepsOfARun();
  const aims: readonly Aim[] = steps.flatMap((step) => [
    { step, isBefore: true },
    { step, isBefore: false },
  ]);
  const wrong: string[] = [];
  const missed: string[] = [];
  let swept = 0;

  for (const aim of aims) {
    const name = `${aim.isBefore ? "before" : "after"} ${aim.step}`;
    const struck = new Promise<boolean>((resolve) => {
      kills.struck = () => resolve(true);
    });
    kills.aim = aim;
    const call = start();
    unanswered.push(call);
    if (!(await Promise.race([struck, call.then(() => false)]))) {
      missed.push(name);
      continue;
    }
    const run = kills.run ?? "";
    const report = await sweep();
    swept += report.swept;

    const records = await house.auditOf(run);
    const { desired } = await house.shadowOf("hall_lamp");
    if (isObject(desired?.command) && desired.command.run === run) wrong.push(`${name}: stands`);
    const isRequested = records.some(({ SK }) => SK === "RUN");
    const outcome = records.find(({ SK }) => SK === "OUTCOME");
    if (isRequested !== (outcome !== undefined)) wrong.push(`${name}: has no outcome`);
    if (report.left > 0) wrong.push(`${name}: ${report.failed.join()} left`);
    if (outcome?.cutOff !== undefined) {
      const told = await house.client.callTool("get_run", { run_id: run });
      if (told.result === "done" || !String(told.say).includes("was cut off before its end")) {
        wrong.push(`${name}: ${String(told.say)}`);
      }
    }
  }

  expect(missed).toEqual([]);
  expect(wrong).toEqual([]);
  expect(steps.length).toBeGreaterThan(10);
  counts.push(`${aims.length} kills on both sides of ${steps.length} calls, ${swept} runs swept`);
  // The lamp comes back, reads its shadow, and finds nothing that it was to do.
  const before = await house.shadowOf("hall_lamp");
  await house.home.house.setFault("hall_lamp");
  await expect
    .poll(async () => (await house.shadowOf("hall_lamp")).reported, { timeout: 10_000 })
    .toMatchObject({ online: true });
  const { reported, desired } = await house.shadowOf("hall_lamp");
  expect(desired?.command).toBeUndefined();
  expect(reported).toEqual({ ...before.reported, online: true });
}, 170_000);
