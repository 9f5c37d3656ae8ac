import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import { homeDay } from "#domain/home/keys.ts";
import { scheduleRecord } from "#domain/schedule/schedule.ts";
import { GOODNIGHT_WEEKDAYS } from "../../domain/schedule/goodnight-weekdays.ts";
import { type InProcessHouse, type Item, startInProcessHouse } from "./in-process-house.ts";
import { touchedBy } from "./touched.ts";

const ANN = { sub: "ann" };
const BO = { sub: "bo" };
const CY = { sub: "cy" };
const OP = { sub: "op" };

let house: InProcessHouse;
let refusesVisits = false;
beforeAll(async () => {
  house = await startInProcessHouse({
    refuses: ({ action, context }) =>
      refusesVisits &&
      action === "dynamodb:PutItem" &&
      String(context?.["dynamodb:LeadingKeys"]).includes("#ACCESS#"),
  });
  for (const home of ["a", "a_b", "b"]) await house.addHome(home);
  await house.addMember("ann", "a");
  await house.addMember("bo", "b");
  await house.addMember("cy", "a");
  await house.addMember("cy", "b");
  await house.addOperatorOfAll("op");
}, 60_000);
afterAll(() => house.close());
beforeEach(() => {
  refusesVisits = false;
  house.calls.length = 0;
});

const touched = () => touchedBy(house.calls);
const A_REPORT: unknown = expect.stringMatching(/^ACK#a-front_door#0#\d+#\d{13}$/);
const withCode = (code: string): unknown => expect.objectContaining({ code });
const refusal = (code: string): unknown => ({ error: withCode(code) });
const auditRows = async (): Promise<readonly Item[]> => {
  const { Items = [] } = await house.dynamoDb.send(
    new ScanCommand({ TableName: house.auditTable }),
  );
  return Items.map((item) => unmarshall(item));
};
const scheduleOf = (home: string, schedule: string): Item =>
  scheduleRecord({ ...GOODNIGHT_WEEKDAYS, home: parseHomeId(home), schedule, name: schedule });
const run = async (who: { readonly sub: string }, args: Item = {}): Promise<string> =>
  String((await house.call(who, "run_scene", { scene: "goodnight", ...args })).run_id);

describe("what is told to nobody else", () => {
  test("attempt 5: a run of somebody else's home is unknown in the words of one that never was, and only the caller's own home is asked", async () => {
    const foreign = await run(BO);
    house.calls.length = 0;

    const answer = await house.call(ANN, "get_run", { run_id: foreign });

    const missing = await house.call(ANN, "get_run", { run_id: "run_00000000000000000000" });
    expect(answer).toEqual(refusal("RunUnknown"));
    expect(JSON.stringify(answer).replace(foreign, "run_00000000000000000000")).toBe(
      JSON.stringify(missing),
    );
    expect(touched().keys).toEqual([
      "PRINCIPAL#ann",
      `HOME#a#RUN#${foreign}`,
      "PRINCIPAL#ann",
      "HOME#a#RUN#run_00000000000000000000",
    ]);
  });

  test("attempt 7: the same request_id of one person in two homes is two runs, each with its own things", async () => {
    const inA = await run(CY, { home: "a", request_id: "r1" });
    const thingsOfA = touched().things;
    house.calls.length = 0;
    const inB = await run(CY, { home: "b", request_id: "r1" });

    expect(inA).not.toBe(inB);
    expect(new Set(thingsOfA)).toEqual(new Set(["a-front_door", "a-hall_lamp"]));
    expect(new Set(touched().things)).toEqual(new Set(["b-front_door", "b-hall_lamp"]));
  });
});

test("attempt 11: an undo of another home's run is of a run that never was, and sends nothing", async () => {
  const foreign = await run(BO);
  house.calls.length = 0;

  const answer = await house.call(ANN, "undo_run", { run_id: foreign });

  expect(answer).toEqual(refusal("RunUnknown"));
  expect(touched().keys).toEqual(["PRINCIPAL#ann", `HOME#a#RUN#${foreign}`]);
  expect(touched().things).toEqual([]);
});

describe("what a home's devices are, and why", () => {
  const TOOLS = [
    ["get_state", "devices", ["b-front_door"]],
    ["explain_device", "device", "b-front_door"],
    ["set_devices", "devices", [{ device: "b-front_door", want: { locked: true } }]],
  ] as const;

  test.each(TOOLS)(
    "attempt 37: %s finds no device of another home, and reads no thing and no report of it",
    async (tool, name, value) => {
      const mine = await house.call(ANN, tool, { [name]: value });
      const theirs = await house.call(ANN, tool, { [name]: value, home: "b" });

      expect([mine, theirs]).toEqual([refusal("DeviceUnknown"), refusal("HomeUnknown")]);
      expect(touched().things).toEqual([]);
      expect(new Set(touched().keys)).toEqual(
        new Set(["PRINCIPAL#ann", "HOME#a", "HOME#a#SCENES"]),
      );
    },
  );

  test("attempt 37: the reports of a device are read by its own thing alone, where another home's has the same name", async () => {
    await run(BO);
    const own = await run(ANN);
    house.calls.length = 0;

    const answer = await house.call(ANN, "explain_device", { device: "Hall lamp" });

    expect(answer).toMatchObject({ device: "hall_lamp", state: "off" });
    const day = new Date().toISOString().slice(0, 10);
    const keys = touched().keys.filter((key) => !/^(a#\d{4}-\d\d-\d\d|HOME#a#RUN#\w+)$/.test(key));
    expect(touched().keys).toEqual(expect.arrayContaining([`a#${day}`, `HOME#a#RUN#${own}`]));
    expect(new Set(keys)).toEqual(
      new Set(["PRINCIPAL#ann", "HOME#a", "HOME#a#SCENES", "a-hall_lamp"]),
    );
    expect(new Set(touched().things)).toEqual(new Set(["a-hall_lamp"]));
  });

  test("attempt 38: a report under a home's thing that names another home is not told", async () => {
    await house.put(house.auditTable, {
      PK: "HOME#b#RUN#run_00000000000000000000",
      SK: "ACK#a_b-front_door#0#1#1",
      v: 1,
      home: "b",
      thing: "a_b-front_door",
      acknowledgedAt: 1,
      after: { lock: { locked: false } },
    });
    await house.addMember("abe", "a_b");

    const answer = await house.call({ sub: "abe" }, "explain_device", { device: "Front door" });

    expect(answer).toEqual({
      error: expect.objectContaining({ code: "RecordInvalid" }) as unknown,
    });
    expect(JSON.stringify(answer)).not.toContain("run_0000");
  });
});

describe("a tool that does not exist yet reads nothing and sends nothing:", () => {
  test.each([
    ["attempt 10: an approval of another home", "approve", { approval_id: "x", home: "b" }],
    ["attempt 31: a list with another home's page token", "list_runs", { page: "x", home: "b" }],
  ])("%s", async (_, tool, args) => {
    expect(await house.call(CY, tool, args)).toEqual(refusal("ToolUnknown"));
    expect(house.calls).toEqual([]);
  });

  test.each([
    ["attempt 9: the hash of another home's plan", { plan_hash: "sha256:00", home: "b" }],
    ["attempt 10: the id of another home's approval", { approval_id: "x", home: "b" }],
    ["attempt 30: a schedule of another home", { schedule: "s", home: "a" }],
    ["attempt 31: a page token", { page: "x", home: "b" }],
  ])("%s is no argument", async (_, more) => {
    expect(await house.call(CY, "run_scene", { scene: "goodnight", ...more })).toEqual(
      refusal("ArgumentsInvalid"),
    );
    expect(house.calls).toEqual([]);
  });
});

test("attempt 30: the role of the scheduler gives none of a person's rights, in any home", async () => {
  await house.addMember("sch", "a", { role: "schedules" });

  const answers = [
    await house.call({ sub: "sch" }, "run_scene", { scene: "goodnight" }),
    await house.call({ sub: "sch" }, "get_home", {}),
    await house.call({ sub: "sch" }, "run_scene", { scene: "goodnight", home: "b" }),
  ];

  expect(answers).toEqual([refusal("NotAllowed"), refusal("NotAllowed"), refusal("HomeUnknown")]);
  expect(new Set(touched().keys)).toEqual(new Set(["PRINCIPAL#sch"]));
});

test("attempt 30: a schedule of another home is unknown in the words of one that never was, and of a home's schedules no other home's are listed", async () => {
  await house.put(house.homeTable, scheduleOf("a", "evening"));
  await house.put(house.homeTable, scheduleOf("b", "breakfast"));
  house.calls.length = 0;

  const list = await house.call(ANN, "schedule_scene", { action: "list" });
  const keys = new Set(touched().keys);
  const foreign = [];
  for (const action of ["list", "pause", "resume", "remove"]) {
    foreign.push(await house.call(ANN, "schedule_scene", { action, schedule: "breakfast" }));
  }
  const inB = await house.call(ANN, "schedule_scene", { action: "list", home: "b" });

  expect(list).toMatchObject({ schedules: [{ schedule: "evening" }] });
  expect(keys).toEqual(
    new Set([
      "PRINCIPAL#ann",
      "HOME#a",
      "HOME#a#SCENES",
      "HOME#a#SCHEDULES",
      "HOME#a#SCHEDULE#evening",
    ]),
  );
  expect(foreign).toEqual(Array.from({ length: 4 }, () => refusal("ScheduleUnknown")));
  expect(JSON.stringify(foreign).replaceAll("breakfast", "zzz")).toBe(
    JSON.stringify([
      await house.call(ANN, "schedule_scene", { action: "list", schedule: "zzz" }),
      await house.call(ANN, "schedule_scene", { action: "pause", schedule: "zzz" }),
      await house.call(ANN, "schedule_scene", { action: "resume", schedule: "zzz" }),
      await house.call(ANN, "schedule_scene", { action: "remove", schedule: "zzz" }),
    ]),
  );
  expect(inB).toEqual(refusal("HomeUnknown"));
});

describe("records that are wrong by hand", () => {
  test("attempt 20: a home whose record names a thing of another is not read on, and nothing of it is sent", async () => {
    await house.addHome("poisoned");
    await house.addMember("eve", "poisoned");
    await house.put(house.homeTable, {
      PK: "HOME#poisoned",
      SK: "DEVICE#front_door",
      v: 1,
      id: "front_door",
      name: "Front door",
      kind: "lock",
      room: "Hall",
      thing: "b-front_door",
    });
    house.calls.length = 0;

    const answers = [];
    for (const [tool, args] of [
      ["run_scene", { scene: "goodnight" }],
      ["plan_scene", { scene: "goodnight" }],
      ["get_home", {}],
    ] as const) {
      answers.push(await house.call({ sub: "eve" }, tool, args));
    }

    expect(answers).toEqual([
      refusal("DeviceInvalid"),
      refusal("DeviceInvalid"),
      refusal("DeviceInvalid"),
    ]);
    expect(JSON.stringify(answers[0])).toContain("poisoned-front_door");
    expect(touched().things).toEqual([]);
    expect(new Set(touched().keys)).toEqual(
      new Set(["PRINCIPAL#eve", "HOME#poisoned", "HOME#poisoned#SCENES"]),
    );
  });

  test("attempt 32: an index's value is made of a home, and not of a day or of a text", () => {
    // @ts-expect-error A text is no home, whatever it says.
    const byText = homeDay("a#2026-11-27", "2026-11-27");

    expect(byText).toBe("a#2026-11-27#2026-11-27");
  });

  test("attempt 32: what lies under a home's key and is another home's is an error, and nobody's answer", async () => {
    const secret = "what only a may know";
    const id = "run_0123456789abcdefghjk";
    await house.put(house.auditTable, {
      PK: `HOME#b#RUN#${id}`,
      SK: "RUN",
      v: 1,
      home: "a",
      reason: secret,
    });

    const answer = await house.call(BO, "get_run", { run_id: id, detail: "full" });

    expect(answer).toEqual({
      error: {
        code: "RecordInvalid",
        message: `A record of HOME#b#RUN#${id} is of another home.`,
      },
    });
  });
});

describe("who looks after every home", () => {
  test("attempt 34: gets no answer where their look cannot be recorded, and nothing of the home is read", async () => {
    const id = await run(ANN);
    refusesVisits = true;
    house.calls.length = 0;

    const answer = await house.call(OP, "get_run", { run_id: id, home: "a" });

    expect(answer).toEqual(refusal("VisitNotRecorded"));
    expect(touched().keys).toEqual(["PRINCIPAL#op"]);
  });

  test("attempt 34: with the record, which comes first, they get it, and the record says who looked at what", async () => {
    const id = await run(ANN);
    house.calls.length = 0;

    const answer = await house.call(OP, "get_run", { run_id: id, home: "a" });

    expect(answer).toMatchObject({ run_id: id, result: "done" });
    const month = new Date().toISOString().slice(0, 7);
    expect(touched().keys).toEqual(["PRINCIPAL#op", `HOME#a#ACCESS#${month}`, `HOME#a#RUN#${id}`]);
    const looks = (await auditRows()).filter(({ subject }) => subject === id);
    expect(looks).toMatchObject([
      { home: "a", sub: "op", role: "operator", tool: "get_run", username: "op" },
    ]);
  });

  test("attempt 35: runs no scene there without a grant, nor with one that ended a second ago", async () => {
    const before = await house.call(OP, "run_scene", { scene: "goodnight", home: "a" });
    await house.addMember("op", "a", {
      role: "operator",
      reason: "ticket 4711",
      expiresAtEpochSeconds: Math.floor(Date.now() / 1000) - 1,
    });
    const after = await house.call(OP, "run_scene", { scene: "goodnight", home: "a" });

    expect([before, after]).toEqual([refusal("NotAllowed"), refusal("NotAllowed")]);
    expect(touched().things).toEqual([]);
    expect(new Set(touched().keys)).toEqual(new Set(["PRINCIPAL#op"]));
  });

  test("attempt 35: and with one that lasts runs it, which is recorded with the reason", async () => {
    await house.addMember("op", "a", {
      role: "operator",
      reason: "ticket 4711",
      expiresAtEpochSeconds: Math.floor(Date.now() / 1000) + 3600,
    });

    const id = await run(OP, { home: "a" });

    const [request] = (await auditRows()).filter(
      ({ PK, SK }) => PK === `HOME#a#RUN#${id}` && SK === "RUN",
    );
    expect(request).toMatchObject({ role: "operator", visitReason: "ticket 4711" });
    expect(new Set(touched().things)).toEqual(new Set(["a-front_door", "a-hall_lamp"]));
  });
});

describe("a device", () => {
  const report = (thing: string, command: unknown) =>
    house.device.publishAsync(
      `$aws/things/${thing}/shadow/update`,
      JSON.stringify({ state: { reported: { on: true, command } } }),
      { qos: 1 },
    );
  let marks = 0;
  /** Waits until the rule has seen everything that was reported before. */
  const settled = async (): Promise<readonly Item[]> => {
    marks += 1;
    const id = `mark-${marks}`;
    await report("mark-device", { id, run: "run_00000000000000000000", stage: 0 });
    await expect
      .poll(async () => JSON.stringify((await auditRows()).filter(({ home }) => home === "mark")))
      .toContain(id);
    return auditRows();
  };

  test("attempt 18: of one home that echoes a command of another's run writes a row of its own home, and the run shows nothing of it", async () => {
    const id = await run(BO);
    const before = await house.call(BO, "get_run", { run_id: id, detail: "full" });

    await report("a-front_door", {
      ...{ id: `${id}.0`, run: id, stage: 0, expiresAt: 9e9, transitionSeconds: 0 },
      ...{ status: "FAILED", reason: "JAMMED" },
    });
    const rows = (await settled()).filter(({ thing }) => thing === "a-front_door");

    expect(rows.filter(({ PK }) => String(PK).endsWith(id))).toMatchObject([
      { PK: `HOME#a#RUN#${id}`, SK: A_REPORT, home: "a" },
    ]);
    expect(rows.filter(({ PK }) => !String(PK).startsWith("HOME#a#RUN#"))).toEqual([]);
    house.calls.length = 0;
    expect(await house.call(BO, "get_run", { run_id: id, detail: "full" })).toEqual(before);
    expect(touched().keys).toEqual(["PRINCIPAL#bo", `HOME#b#RUN#${id}`]);
  });

  test.each<[string, Item]>([
    ["another partition", { run: "b#RUN#run_0123456789abcdefghjk" }],
    ["an object", { run: { S: "x" } }],
    // The largest that a shadow holds is 8 kB; 64 kB is refused by the broker's shadow before any rule.
    ["a long text", { run: "run_".padEnd(3_500, "0") }],
    ["64 kB of text", { run: "run_".padEnd(65_536, "0") }],
    ["a stage with more", { stage: "0#x" }],
    ["a stage of 10⁹", { stage: 1e9 }],
  ])("attempt 19: that names %s writes no row", async (_, more) => {
    await report("a-hall_lamp", {
      ...{ id: "probe", run: "run_0123456789abcdefghjk", stage: 0 },
      ...more,
    });

    const rows = await settled();

    const named = rows.filter(({ command }) => JSON.stringify(command ?? {}).includes("probe"));
    expect(named).toEqual([]);
  });
});
