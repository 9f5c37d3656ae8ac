import { afterAll, beforeAll, expect, test } from "vitest";
import { type Journey, startJourney } from "../../support/journey.ts";

// A lamp that keeps silent holds goodnight for its two seconds, longer than these callers wait.
let house: Journey;
beforeAll(async () => {
  house = await startJourney({ faults: "hall_lamp=silent" });
});
afterAll(() => house?.close());

const AWAITED = { device: "hall_lamp", name: "Hall lamp" };

// REQ: answers-in-time
// REQ: joined-runs
test("calls that wait no longer are told what is awaited, are one run, and get_run tells its end", async () => {
  const goodnight = { scene: "goodnight", wait_s: 1 };

  const both = await Promise.all([
    house.client.callTool("run_scene", goodnight),
    house.client.callTool("run_scene", goodnight),
  ]);
  const later = await house.client.callTool("run_scene", { ...goodnight, wait_s: 0 });
  const run = String(later.run_id);
  const end = await house.client.callTool("get_run", { run_id: run, wait_s: 20 });

  expect(both.map(({ run_id: id }) => id)).toEqual([run, run]);
  expect(both.filter(({ joined }) => joined !== undefined)).toHaveLength(1);
  for (const answer of [...both, later]) {
    expect(answer).toMatchObject({ result: "running", devices: 14 });
    expect(answer.still_awaited).not.toEqual([]);
  }
  expect(later.joined).toContain("Nothing was sent again");
  expect(end).toMatchObject({ result: "partly_done", devices_not_confirmed: [AWAITED] });
});

// REQ: joined-runs
test("another plan is another run, with and without a request id; the same id is the same run", async () => {
  const call = (args: object) =>
    house.client.callTool("run_scene", { scene: "movie night", wait_s: 0, ...args });

  const answers = await Promise.all([
    call({}),
    call({ except: ["Television"] }),
    call({ request_id: "one" }),
    call({ request_id: "one" }),
    call({ request_id: "two" }),
  ]);

  const runs = answers.map(({ run_id: id }) => id);
  expect(new Set(runs).size).toBe(4);
  expect(runs[3]).toBe(runs[2]);
});

// REQ: undone-by-itself
test("a scene that is to be done whole or not at all is taken back though nobody waits", async () => {
  await house.client.callTool("save_scene", {
    definition: JSON.stringify({
      name: "Whole",
      on_partial: "undo",
      entities: {
        "Hall lamp": { light: { on: false } },
        "Kitchen light": { light: { brightness: 33 } },
      },
    }),
  });
  const before = await house.shadowOf("kitchen_light");

  const { run_id: run } = await house.client.callTool("run_scene", { scene: "Whole", wait_s: 0 });

  const told = async () => house.client.callTool("get_run", { run_id: run, wait_s: 10 });
  await expect
    .poll(told, { timeout: 10_000 })
    .toMatchObject({ result: "partly_done", undone: { left_alone: [AWAITED] } });
  const { undone } = await told();
  const by = JSON.parse(JSON.stringify(undone)) as { readonly run_id: string };
  expect(await house.client.callTool("get_run", { run_id: by.run_id, wait_s: 10 })).toMatchObject({
    result: "done",
    devices: 1,
  });
  const { reported } = await house.shadowOf("kitchen_light");
  expect(before.reported).toMatchObject({ light: { on: false } });
  expect(reported).toMatchObject({ light: { on: false } });
});
