import { expect, test } from "vitest";
import type { Device } from "#domain/home/device.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import type { Scene, Stage } from "#domain/home/scene.ts";
import { planHash, plannedCommands, planText } from "#domain/run/plan.ts";
import { planScene } from "#domain/run/plan-scene.ts";
import { AT_HOME } from "../../support/at-home.ts";
import { codeOf, messageOf } from "../code-of.ts";

const DEVICES: readonly Device[] = [
  {
    id: "hall_lamp",
    name: "Hall lamp 🌙",
    aliases: [],
    kind: "light",
    room: "Hall",
    thing: "home-hall_lamp",
  },
  {
    id: "front_door",
    name: "Front door",
    aliases: [],
    kind: "lock",
    room: "Hall",
    thing: "home-front_door",
    windowSeconds: 30,
  },
  { id: "alarm", name: "Alarm", aliases: [], kind: "alarm", room: "Hall", thing: "home-alarm" },
  {
    id: "garage_door",
    name: "Garage",
    aliases: [],
    kind: "cover",
    room: "Garage",
    thing: "home-garage_door",
  },
];

const GOODNIGHT: Scene = {
  id: "goodnight",
  name: "Good Night",
  aliases: ["bedtime"],
  version: 3,
  stages: [
    {
      name: "close and lock",
      devices: {
        hall_lamp: { light: { on: true, brightness: 10 } },
        front_door: { lock: { locked: true } },
      },
      required: ["front_door"],
      transitionSeconds: 4,
      windowSeconds: { front_door: 20 },
    },
    {
      name: "close the garage",
      devices: { garage_door: { cover: { position: 0 } } },
      required: [],
      transitionSeconds: 0,
      windowSeconds: {},
    },
    {
      name: "arm",
      devices: { alarm: { alarm: { mode: "armed_night" } } },
      required: [],
      transitionSeconds: 0,
      windowSeconds: {},
    },
  ],
};

const at = (devices: readonly Device[]) => ({ place: AT_HOME, devices });

const stage = (more: Partial<Stage>): Stage => ({
  name: "s",
  devices: {},
  required: [],
  transitionSeconds: 0,
  windowSeconds: {},
  ...more,
});

// The text, and with it the hash, is what the run is recorded under: neither may ever change by accident.
const TEXT =
  '{"home":"home","leftOut":["garage_door"],"scene":"goodnight","sceneName":"Good Night","sceneVersion":3,"stages":[{"commands":[{"device":"front_door","kind":"lock","name":"Front door","required":true,"thing":"home-front_door","transitionSeconds":0,"want":{"lock":{"locked":true}},"windowSeconds":20},{"device":"hall_lamp","kind":"light","name":"Hall lamp 🌙","required":false,"thing":"home-hall_lamp","transitionSeconds":4,"want":{"light":{"brightness":10,"on":true}},"windowSeconds":9}],"index":0,"name":"close and lock"},{"commands":[{"device":"alarm","kind":"alarm","name":"Alarm","required":false,"thing":"home-alarm","transitionSeconds":0,"want":{"alarm":{"mode":"armed_night"}},"windowSeconds":10}],"index":1,"name":"arm"}],"v":1}';

test("a scene is planned stage by stage, devices by id, empty stages gone, windows settled", () => {
  const plan = planScene(GOODNIGHT, at(DEVICES), ["garage_door"]);

  expect(planText(plan)).toBe(TEXT);
});

// REQ: plan-hash
test("a plan's hash is the SHA-256 of its text, as sha256sum computes it", async () => {
  const plan = planScene(GOODNIGHT, at(DEVICES), ["garage_door"]);

  const hash = await planHash(plan);

  expect(hash).toBe("sha256:cc9742b20b1fa4494cf5dbc70ac5c804ba4e19657a51d5e6074bd5550a5576e5");
});

// REQ: plan-hash
test("equal scenes have equal hashes, in whatever order a table gives their devices", async () => {
  const turned: Scene = {
    ...GOODNIGHT,
    stages: GOODNIGHT.stages.map((one) => ({
      ...one,
      devices: Object.fromEntries(Object.entries(one.devices).reverse()),
    })),
  };

  const hash = await planHash(planScene(turned, at([...DEVICES].reverse()), ["garage_door"]));

  expect(hash).toBe("sha256:cc9742b20b1fa4494cf5dbc70ac5c804ba4e19657a51d5e6074bd5550a5576e5");
});

test.each([
  ["another version", { ...GOODNIGHT, version: 4 }, ["garage_door"]],
  ["another device left out", GOODNIGHT, ["hall_lamp"]],
  ["nothing left out", GOODNIGHT, []],
])("%s has another hash", async (_, scene, except) => {
  const hash = await planHash(planScene(scene, at(DEVICES), except));

  expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(hash).not.toBe("sha256:cc9742b20b1fa4494cf5dbc70ac5c804ba4e19657a51d5e6074bd5550a5576e5");
});

test("the devices left out are told once, sorted, and only those of the scene", () => {
  const plan = planScene(GOODNIGHT, at(DEVICES), [
    "hall_lamp",
    "garage_door",
    "hall_lamp",
    "sauna",
  ]);

  expect(plan.leftOut).toEqual(["garage_door", "hall_lamp"]);
  expect(plannedCommands(plan).map(({ command }) => command.device)).toEqual([
    "front_door",
    "alarm",
  ]);
});

test("stages that fall away leave no gap in the numbers", () => {
  const plan = planScene(GOODNIGHT, at(DEVICES), ["front_door", "hall_lamp"]);

  expect(plan.stages.map(({ index, name }) => [index, name])).toEqual([
    [0, "close the garage"],
    [1, "arm"],
  ]);
});

test("every command comes with its stage, in the plan's order", () => {
  const plan = planScene(GOODNIGHT, at(DEVICES), []);

  const all = plannedCommands(plan).map(({ stage: { index }, command }) => [index, command.device]);

  expect(all).toEqual([
    [0, "front_door"],
    [0, "hall_lamp"],
    [1, "garage_door"],
    [2, "alarm"],
  ]);
});

test("a fade is only a light's", () => {
  const plan = planScene(GOODNIGHT, at(DEVICES), []);

  expect(plan.stages[0]?.commands.map((one) => [one.device, one.transitionSeconds])).toEqual([
    ["front_door", 0],
    ["hall_lamp", 4],
  ]);
});

// REQ: window-settings
test("the scene's window counts before the device's, and the device's before its kind's", () => {
  const devices = { front_door: { lock: { locked: true } } } as const;
  const windowOf = (more: Partial<Stage>, home: readonly Device[]) =>
    planScene({ ...GOODNIGHT, stages: [stage({ devices, ...more })] }, at(home), []).stages[0]
      ?.commands[0]?.windowSeconds;
  const plain = DEVICES.map(({ windowSeconds: _, ...one }) => one);

  expect(windowOf({ windowSeconds: { front_door: 20 } }, DEVICES)).toBe(20);
  expect(windowOf({}, DEVICES)).toBe(30);
  expect(windowOf({}, plain)).toBe(10);
});

test("a device named like something every object has gets its kind's window", () => {
  const plug: Device = {
    id: "constructor",
    name: "C",
    aliases: [],
    kind: "plug",
    room: "R",
    thing: "c",
  };
  const devices = Object.fromEntries([["constructor", { plug: { on: true } } as const]]);

  const plan = planScene({ ...GOODNIGHT, stages: [stage({ devices })] }, at([plug]), []);

  expect(plan.stages[0]?.commands[0]?.windowSeconds).toBe(2);
});

test("a scene of which nothing is left is refused", () => {
  const plan = () =>
    planScene(GOODNIGHT, at(DEVICES), ["hall_lamp", "front_door", "alarm", "garage_door"]);

  expect(codeOf(plan)).toBe("PlanEmpty");
});

test("a scene whose device is gone from the home is refused, by the device's name", () => {
  const plan = () => planScene(GOODNIGHT, at(DEVICES.slice(1)), []);

  expect(codeOf(plan)).toBe("SceneInvalid");
  expect(messageOf(plan)).toContain('names the device "hall_lamp", which the home does not have');
});

test("a device gone from the home does no harm while it is left out", () => {
  expect(planScene(GOODNIGHT, at(DEVICES.slice(1)), ["hall_lamp"]).leftOut).toEqual(["hall_lamp"]);
});

const inTwoStages = (first: number, second: number): Scene => ({
  ...GOODNIGHT,
  stages: [
    stage({
      devices: { front_door: { lock: { locked: true } } },
      windowSeconds: { front_door: first },
    }),
    stage({
      devices: { alarm: { alarm: { mode: "disarmed" } } },
      windowSeconds: { alarm: second },
    }),
  ],
});

test.each([
  [120, 120, undefined],
  [120, 120.5, "PlanTooLong"],
  [240, 1, "PlanTooLong"],
])("of stages that may take %d s and %d s comes: %s", (first, second, code) => {
  expect(codeOf(() => planScene(inTwoStages(first, second), at(DEVICES), []))).toBe(code);
});

test("a run that could take too long is told in seconds", () => {
  const message = messageOf(() => planScene(inTwoStages(240, 60), at(DEVICES), []));

  expect(message).toBe(
    '"goodnight" could take 300 s if devices stay silent; a run may take 240 s. Split the scene or shorten its windows. Nothing was changed.',
  );
});

test("within a stage devices are waited for together", () => {
  const scene: Scene = {
    ...GOODNIGHT,
    stages: [
      stage({
        devices: { front_door: { lock: { locked: true } }, alarm: { alarm: { mode: "disarmed" } } },
        windowSeconds: { front_door: 240, alarm: 240 },
      }),
    ],
  };

  expect(planScene(scene, at(DEVICES), []).stages).toHaveLength(1);
});

test("a plan above 62 kB is refused", () => {
  const plugs = Array.from(
    { length: 250 },
    (_, index): Device => ({
      id: `plug_${index}`,
      name: "€".repeat(64),
      aliases: [],
      kind: "plug",
      room: "Hall",
      thing: `thing-${"x".repeat(100)}-${index}`,
    }),
  );
  const devices = Object.fromEntries(plugs.map((one) => [one.id, { plug: { on: true } } as const]));

  const plan = () => planScene({ ...GOODNIGHT, stages: [stage({ devices })] }, at(plugs), []);

  expect(codeOf(plan)).toBe("PlanTooLarge");
});

// Attempt 9 of those that cross a home's border.
test("the same scene of another home has another hash, word for word equal as it may be", async () => {
  const cabin = { home: parseHomeId("cabin"), thingPrefix: "" } as const;
  const things = DEVICES.map((device) => ({ ...device, thing: `cabin-${device.id}` }));

  const here = await planHash(planScene(GOODNIGHT, at(DEVICES), []));
  const there = await planHash(planScene(GOODNIGHT, { place: cabin, devices: things }, []));

  expect(there).not.toBe(here);
});
