import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Journey, startJourney } from "../support/journey.ts";

type Item = Readonly<Record<string, unknown>>;

describe("goodnight, through gateway, token, workflow, MQTT, shadows and audit", () => {
  let house: Journey;
  beforeAll(async () => {
    house = await startJourney();
  });
  afterAll(() => house?.close());

  // REQ: goodnight-whole
  test("all fourteen devices confirm, and the answer counts them", async () => {
    const result = await house.client.callTool("run_scene", {
      scene: "Good Night",
      reason: "going to bed",
    });

    expect(result).toMatchObject({
      scene: "goodnight",
      result: "done",
      devices: 14,
      devices_not_confirmed: [],
      left_out: [],
    });
    expect(Number(result.confirmed) + Number(result.already_there)).toBe(14);
    expect(result.say).toMatch(/^Goodnight is done: all 14 devices confirmed/);
    expect((await house.shadowOf("front_door")).reported).toMatchObject({
      lock: { locked: true },
      online: true,
    });
  });

  // REQ: audit-record
  test("the audit holds who asked, why, and for each device what was asked, its state before and after, and both times", async () => {
    const result = await house.client.callTool("run_scene", {
      scene: "movie night",
      reason: "popcorn is ready",
    });

    const records = await house.auditOf(String(result.run_id));
    const request = records.find((item) => item.SK === "RUN");
    expect(request).toMatchObject({
      scene: "movie_night",
      reason: "popcorn is ready",
      planHash: result.plan_hash,
      caller: {
        clientId: house.home.endpoints.cognito.clients.machine.clientId,
        scopes: ["read", "write"],
      },
    });
    const outcome = records.find((item) => item.SK === "OUTCOME");
    const devices = outcome?.devices as readonly Item[];
    expect(devices).toHaveLength(Number(result.devices));
    for (const device of devices) {
      const thing = String(device.device);
      expect(device.asked, thing).toBeTypeOf("object");
      expect(Object.keys(device.before as Item), thing).toEqual(Object.keys(device.asked as Item));
      expect(device.after, thing).toMatchObject(device.asked as Item);
      expect(Number(device.acknowledgedAtMs), thing).toBeGreaterThan(0);
      expect(Number(device.askedAtMs), thing).toBeGreaterThan(0);
    }
    const written = records.filter((item) => String(item.SK).startsWith("ACK#"));
    expect(written).toHaveLength(devices.length);
    expect(written[0]).toMatchObject({
      command: { run: result.run_id, status: "SUCCEEDED" },
      asked: { command: { run: result.run_id } },
    });
  });

  // REQ: new-command-id
  test("the second goodnight finds devices already there, and asks them all the same", async () => {
    await house.client.callTool("run_scene", { scene: "goodnight" });

    const again = await house.client.callTool("run_scene", { scene: "goodnight" });

    expect(again).toMatchObject({ result: "done", confirmed: 0, already_there: 14 });
  });

  // REQ: request-id
  test("the same request_id twice is one run, and nothing is sent twice", async () => {
    const first = await house.client.callTool("run_scene", {
      scene: "goodnight",
      request_id: "bedtime-1",
    });
    const deltas = await house.countMessages("$aws/things/+/shadow/update/delta");

    const second = await house.client.callTool("run_scene", {
      scene: "goodnight",
      request_id: "bedtime-1",
    });

    expect(second).toMatchObject({
      run_id: first.run_id,
      result: "done",
      repeated: expect.stringMatching(
        new RegExp(
          `^This request_id already ran as ${String(first.run_id)} \\d+ s ago; here is its result\\. Nothing was sent again\\.$`,
        ),
      ) as unknown,
    });
    expect(deltas()).toBe(0);
  });

  test("the same request_id at the same moment is one run as well", async () => {
    const call = { scene: "movie night", request_id: "double-click" };

    const [one, two] = await Promise.all([
      house.client.callTool("run_scene", call),
      house.client.callTool("run_scene", call),
    ]);

    expect(one.run_id).toBe(two.run_id);
    expect([one.result, two.result]).toEqual(["done", "done"]);
    expect([one, two].filter((answer) => answer.joined !== undefined)).toHaveLength(1);
  });

  test("a request_id of another scene is refused, and nothing is changed", async () => {
    await house.client.callTool("run_scene", { scene: "goodnight", request_id: "tonight" });

    const answer = await house.client.callTool("run_scene", {
      scene: "away",
      request_id: "tonight",
    });

    expect(answer.error).toMatchObject({ code: "RequestIdReused" });
    expect((await house.shadowOf("alarm")).reported).toMatchObject({
      alarm: { mode: "armed_night" },
    });
  });

  // REQ: scenes-at-once
  test("two different scenes at once both finish and are both recorded", async () => {
    // Where one's command took the place of the other's before its device saw that, the other waits for its window.
    const runToItsEnd = async (scene: string) => {
      let run = await house.client.callTool("run_scene", { scene });
      while (run.result === "running") {
        run = await house.client.callTool("get_run", { run_id: String(run.run_id), wait_s: 45 });
      }
      return run;
    };
    const [morning, movie] = await Promise.all([
      runToItsEnd("good morning"),
      runToItsEnd("movie night"),
    ]);

    expect(morning.run_id).not.toBe(movie.run_id);
    for (const result of [morning, movie]) {
      const records = await house.auditOf(String(result.run_id));
      expect(records.map((item) => item.SK)).toEqual(expect.arrayContaining(["OUTCOME", "RUN"]));
      expect(["done", "partly_done"]).toContain(result.result);
    }
  }, 120_000);

  // REQ: get-run-while-running
  test("get_run answers while the run is going on, by request id, and after it by run id", async () => {
    const running = house.client.callTool("run_scene", {
      scene: "away",
      request_id: "leaving",
    });
    await expect
      .poll(
        async () => (await house.client.callTool("get_run", { request_id: "leaving" })).result,
        { timeout: 10_000, interval: 20 },
      )
      .toBe("running");

    const result = await running;

    const after = await house.client.callTool("get_run", {
      run_id: String(result.run_id),
      detail: "full",
    });
    expect(after).toMatchObject({ run_id: result.run_id, result: "done" });
    expect(after.every_device).toHaveLength(Number(result.devices));
  });

  // REQ: left-out
  test("a device left out is not asked, and the answer says so", async () => {
    const before = await house.shadowOf("hall_lamp");

    const result = await house.client.callTool("run_scene", {
      scene: "goodnight",
      except: ["Hall Lamp"],
    });

    expect(result).toMatchObject({ result: "done", devices: 13, left_out: ["hall_lamp"] });
    expect(result.say).toContain("Left out as you asked: hall_lamp");
    expect(await house.shadowOf("hall_lamp")).toEqual(before);
  });

  test("a plan sends nothing and says what is so already; the run with its hash is that plan", async () => {
    const plan = await house.client.callTool("plan_scene", { scene: "goodnight" });
    const result = await house.client.callTool("run_scene", {
      scene: "goodnight",
      plan_hash: plan.plan_hash,
    });

    expect(plan.say).toBe(
      "Goodnight would ask 14 devices in 3 stages. 14 already as asked. Nothing was sent.",
    );
    expect(plan.plan_hash).toBe(result.plan_hash);
  });

  test("a run is taken back: each device is as it was before, and the undo of that does the run again", async () => {
    const lamp = async () => (await house.shadowOf("living_room_lamp")).reported?.light;
    const before = await lamp();
    const run = await house.client.callTool("run_scene", { scene: "movie_night" });
    const during = await lamp();

    const undone = await house.client.callTool("undo_run", { run_id: run.run_id });
    const after = await lamp();
    const again = await house.client.callTool("undo_run", { run_id: undone.run_id });

    expect([run.result, undone.result, again.result]).toEqual(["done", "done", "done"]);
    expect(during).not.toEqual(before);
    expect(after).toMatchObject({ on: false });
    expect(await lamp()).toEqual(during);
  });

  // REQ: set-without-scene
  test("devices are set without a scene, told with their ages, and explained by who set them", async () => {
    const set = await house.client.callTool("set_devices", {
      devices: [{ device: "Upstairs", want: { brightness: 35 }, kind: "light" }],
      except: "Bedside lamp",
    });
    const state = await house.client.callTool("get_state", { devices: "Bedroom lamp" });
    const why = await house.client.callTool("explain_device", { device: "bedroom light" });

    expect(set).toMatchObject({
      scene: "set-devices",
      say: "Device change is done: the one device confirmed. Left out as you asked: bedside_lamp.",
    });
    expect(state.devices).toMatchObject([
      {
        state: "on, brightness 35 %",
        values: { "light.brightness": { is: 35, age_s: expect.any(Number) as unknown } },
        connection: "online",
      },
    ]);
    expect(why).toMatchObject({
      causes: expect.arrayContaining([
        expect.objectContaining({ to: "on, brightness 35 %", run_id: set.run_id }),
      ]) as unknown,
    });
    expect(why.answers).toMatchObject({ p50_s: expect.any(Number) as unknown, refused: 0 });
  });

  test("the home is listed by the names that the tools take", async () => {
    const home = await house.client.callTool("get_home", {});

    expect(home.say).toBe("The home has 14 devices in 5 rooms and 4 scenes.");
  });
});
