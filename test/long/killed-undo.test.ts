import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { isObject } from "#domain/json.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { sweepLater } from "../support/later-sweeper.ts";

const { kill } = vi.hoisted(() => ({
  kill: {
    /** What undo-partly-done has called since it was handed the run. */
    calls: [] as string[],
    /** At which call it is killed, and whether that is still carried out. */
    at: undefined as { readonly call: number; readonly isBefore: boolean } | undefined,
    isDead: false,
    /** Was its event given up? */
    isOver: false,
    /** The run that it began. */
    begun: undefined as string | undefined,
  },
}));

// The function is killed at one of its calls, and so is whoever tries again.
vi.mock("#local/endpoint/aws-endpoint.ts", async (original) => {
  const { carryOutOrKill, killed, watchedEndpoint } = await import(
    "../support/watched-endpoint.ts"
  );
  const who = "The function";
  return watchedEndpoint(await original(), (call) => {
    const { request, action } = call;
    // Its log and its traces are nobody's commands.
    const isWatched =
      /UndoPartlyDone\w*Role/.test(request.caller.roleArn ?? "") && !/^(logs|xray):/.test(action);
    if (!isWatched) return call.carryOut();
    if (action === "sqs:SendMessage") kill.isOver = true;
    if (kill.isDead) throw killed(who);
    kill.calls.push(action);
    const isAimedAt = kill.at?.call === kill.calls.length - 1;
    kill.isDead = isAimedAt;
    const side = kill.at?.isBefore === true ? "before" : "after";
    if (action === "states:StartExecution" && !(isAimedAt && side === "before")) {
      kill.begun = (JSON.parse(request.body.toString("utf8")) as { readonly name: string }).name;
    }
    return carryOutOrKill(call, isAimedAt ? side : undefined, who, () => {});
  });
});

let house: Journey;
let sweep: Awaited<ReturnType<typeof sweepLater>>;

beforeAll(async () => {
  house = await startJourney({ faults: "hall_lamp=offline", eventRetryDelaysMs: [0, 0] });
  await house.client.callTool("save_scene", {
    definition: JSON.stringify({
      name: "Whole",
      on_partial: "undo",
      entities: {
        "Hall lamp": { light: { on: false } },
        "Kitchen light": { light: { on: false } },
      },
    }),
  });
  sweep = await sweepLater(house);
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await house?.close();
}, 60_000);

/**
 * A run that is to be done whole and is not, and the run that takes it back, if it is known; once undo-partly-done has ended,
 * or all its tries were killed, and the run that it began has ended, too.
 */
const notWhole = async (): Promise<{ readonly run: string; readonly undo?: string }> => {
  await house.client.callTool("set_devices", {
    devices: [{ device: "kitchen_light", want: { light: { on: true } } }],
    request_id: randomUUID(),
  });
  kill.calls = [];
  kill.isDead = false;
  kill.isOver = false;
  kill.begun = undefined;
  const { run_id: run } = await house.client.callTool("run_scene", {
    scene: "Whole",
    request_id: randomUUID(),
    wait_s: 0,
  });
  const recordOf = async (id: string, kind: string) =>
    (await house.auditOf(id)).find(({ SK }) => SK === kind);
  const end = { timeout: 30_000, interval: 20 };
  await vi.waitFor(async () => {
    // Who is killed is tried again, also where the record is written.
    const isOver =
      kill.at === undefined ? (await recordOf(String(run), "UNDO")) !== undefined : kill.isOver;
    expect(isOver).toBe(true);
  }, end);
  if (kill.begun !== undefined) {
    const { begun } = kill;
    await vi.waitFor(async () => expect(await recordOf(begun, "OUTCOME")).toBeDefined(), end);
  }
  const undone = await recordOf(String(run), "UNDO");
  return {
    run: String(run),
    ...(typeof undone?.by === "string" ? { undo: undone.by } : {}),
  };
};

// REQ: cut-off-run
// REQ: undone-by-itself
test("killed on both sides of each of its calls, undo-partly-done leaves no command, and the run says that it is to be taken back, or by which run it was", async () => {
  kill.at = undefined;
  const whole = await notWhole();
  const calls = [...kill.calls];
  const wrong: string[] = [];

  for (const [call, action] of calls.entries()) {
    for (const isBefore of [true, false]) {
      kill.at = { call, isBefore };
      const name = `${isBefore ? "before" : "after"} ${call} ${action}`;
      const { run, undo } = await notWhole();
      if (!kill.isDead) wrong.push(`${name}: was not killed`);
      const { left } = await sweep();
      if (left > 0) wrong.push(`${name}: ${left} left open`);
      for (const device of ["hall_lamp", "kitchen_light"]) {
        const { desired, reported } = await house.shadowOf(device);
        const [wanted, answered] = [desired?.command, reported?.command];
        const isAnswered = isObject(wanted) && isObject(answered) && wanted.id === answered.id;
        if (wanted !== undefined && !isAnswered)
          wrong.push(`${name}: a command of ${device} stands`);
      }
      const told = await house.client.callTool("get_run", { run_id: run });
      if (told.result !== "partly_done") wrong.push(`${name}: ${String(told.result)}`);
      // That it was not, and how to, is told when it can no longer be.
      const said = String(told.say);
      const [, by] = /It is taken back by (run_\w+)\./.exec(said) ?? [];
      const start = calls.indexOf("states:StartExecution");
      const isBegun = call > start || (call === start && !isBefore);
      const isTrue = isBegun
        ? by !== undefined && (await house.auditOf(by)).some(({ SK }) => SK === "OUTCOME")
        : said.includes("It is about to be taken back.");
      if (undo === undefined && !isTrue) wrong.push(`${name}: ${said}`);
    }
  }

  expect(wrong).toEqual([]);
  expect(whole.undo).toMatch(/^run_/);
  expect(calls).toContain("states:StartExecution");
}, 240_000);
