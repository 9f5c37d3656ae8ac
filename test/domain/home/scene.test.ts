import { expect, test } from "vitest";
import type { Device } from "#domain/home/device.ts";
import { parseScene } from "#domain/home/scene.ts";
import { codeOf, messageOf } from "../code-of.ts";
import { UNKNOWN_FORMATS } from "../unknown-formats.ts";

const device = (id: string, kind: Device["kind"]): Device => ({
  id,
  name: id,
  aliases: [],
  kind,
  room: "Hall",
  thing: id,
});

const DEVICES = [
  device("hall_lamp", "light"),
  device("front_door", "lock"),
  device("alarm", "alarm"),
  device("constructor", "plug"),
];

const LOCK = { name: "lock", devices: { front_door: { lock: { locked: true } } } };
const GOODNIGHT = { id: "goodnight", name: "Good Night", version: 1, stages: [LOCK] };

const withStage = (stage: unknown) => ({ ...GOODNIGHT, stages: [stage] });

test("a scene without more has no other names, no gate, no fade and its devices' own windows", () => {
  const scene = parseScene(GOODNIGHT, DEVICES);

  expect(scene).toEqual({
    id: "goodnight",
    name: "Good Night",
    aliases: [],
    version: 1,
    stages: [
      {
        name: "lock",
        devices: { front_door: { lock: { locked: true } } },
        required: [],
        transitionSeconds: 0,
        windowSeconds: {},
      },
    ],
  });
});

test("a scene keeps its stages in order, with gate, fade and windows", () => {
  const scene = parseScene(
    {
      id: "goodnight",
      name: "Good Night",
      aliases: ["bedtime"],
      version: 7,
      stages: [
        {
          name: "close and lock",
          devices: {
            front_door: { lock: { locked: true } },
            hall_lamp: { light: { brightness: 0 } },
          },
          required: ["front_door"],
          transitionSeconds: 120,
          windowSeconds: { front_door: 240 },
        },
        { name: "arm", devices: { alarm: { alarm: { mode: "armed_night" } } } },
      ],
    },
    DEVICES,
  );

  expect(scene.version).toBe(7);
  expect(scene.aliases).toEqual(["bedtime"]);
  expect(scene.stages.map((stage) => stage.name)).toEqual(["close and lock", "arm"]);
  expect(scene.stages[0]).toMatchObject({
    required: ["front_door"],
    transitionSeconds: 120,
    windowSeconds: { front_door: 240 },
  });
});

test("a device may bear the name of something that every object has", () => {
  const scene = parseScene(
    withStage({ name: "plug", devices: { constructor: { plug: { on: true } } } }),
    DEVICES,
  );

  expect(Object.keys(scene.stages[0]?.devices ?? {})).toEqual(["constructor"]);
});

test.each([
  ["a text", "goodnight", "SceneInvalid"],
  ["null", null, "SceneInvalid"],
  ["no id", { ...GOODNIGHT, id: undefined }, "SceneInvalid"],
  ["an id with a space", { ...GOODNIGHT, id: "good night" }, "SceneInvalid"],
  ["an id of 65 letters", { ...GOODNIGHT, id: "a".repeat(65) }, "SceneInvalid"],
  ["no name", { ...GOODNIGHT, name: undefined }, "SceneInvalid"],
  ["no version", { ...GOODNIGHT, version: undefined }, "SceneInvalid"],
  ["version 0", { ...GOODNIGHT, version: 0 }, "SceneInvalid"],
  ["version 1.5", { ...GOODNIGHT, version: 1.5 }, "SceneInvalid"],
  ["version as a text", { ...GOODNIGHT, version: "1" }, "SceneInvalid"],
  ["no stages", { ...GOODNIGHT, stages: undefined }, "SceneInvalid"],
  ["an empty list of stages", { ...GOODNIGHT, stages: [] }, "SceneInvalid"],
  ["eleven stages", { ...GOODNIGHT, stages: Array(11).fill(LOCK) }, "SceneInvalid"],
  ["aliases that are a text", { ...GOODNIGHT, aliases: "x" }, "SceneInvalid"],
  ["a word whether it may run by itself", { ...GOODNIGHT, schedules: "no" }, "SceneInvalid"],
  ["a stage that is a text", withStage("lock"), "SceneInvalid"],
  ["a stage without a name", withStage({ ...LOCK, name: undefined }), "SceneInvalid"],
  ["a stage without devices", withStage({ name: "lock" }), "SceneInvalid"],
  ["a stage with no device", withStage({ name: "lock", devices: {} }), "SceneInvalid"],
  ["devices in a list", withStage({ name: "lock", devices: ["front_door"] }), "SceneInvalid"],
  ["a misspelt member", withStage({ ...LOCK, require: ["front_door"] }), "SceneInvalid"],
  ["a device in two stages", { ...GOODNIGHT, stages: [LOCK, LOCK] }, "SceneInvalid"],
  ["a required text", withStage({ ...LOCK, required: "front_door" }), "SceneInvalid"],
  ["a required stranger", withStage({ ...LOCK, required: ["alarm"] }), "SceneInvalid"],
  ["a required number", withStage({ ...LOCK, required: [1] }), "SceneInvalid"],
  ["a required inheritance", withStage({ ...LOCK, required: ["toString"] }), "SceneInvalid"],
  ["a fade below 0", withStage({ ...LOCK, transitionSeconds: -1 }), "SceneInvalid"],
  ["a fade above 120 s", withStage({ ...LOCK, transitionSeconds: 121 }), "SceneInvalid"],
  ["a fade that is a text", withStage({ ...LOCK, transitionSeconds: "1" }), "SceneInvalid"],
  ["windows in a list", withStage({ ...LOCK, windowSeconds: [] }), "SceneInvalid"],
  ["a stranger's window", withStage({ ...LOCK, windowSeconds: { alarm: 1 } }), "SceneInvalid"],
  ["a window of 0", withStage({ ...LOCK, windowSeconds: { front_door: 0 } }), "SceneInvalid"],
  [
    "an unknown device",
    withStage({ name: "lock", devices: { back_door: { lock: { locked: true } } } }),
    "DeviceUnknown",
  ],
  [
    "an inherited device",
    withStage({ name: "lock", devices: { toString: { lock: { locked: true } } } }),
    "DeviceUnknown",
  ],
  [
    "another kind's state",
    withStage({ name: "lock", devices: { front_door: { light: { on: true } } } }),
    "StateInvalid",
  ],
])("a scene with %s is refused", (_, record, code) => {
  expect(codeOf(() => parseScene(record, DEVICES))).toBe(code);
});

const inStages = (count: number) => {
  const lamps = Array.from({ length: count }, (_, index) => device(`lamp_${index}`, "light"));
  const stages = lamps.map(({ id }) => ({ name: id, devices: { [id]: { light: { on: false } } } }));
  return codeOf(() => parseScene({ ...GOODNIGHT, stages }, lamps));
};

test.each([
  [1, undefined],
  [10, undefined],
  [11, "SceneInvalid"],
])("of a scene of %d stages comes: %s", (count, code) => {
  expect(inStages(count)).toBe(code);
});

test.each(["a".repeat(64), "night_2", "a9_9"])("a scene may have the id %s", (id) => {
  expect(codeOf(() => parseScene({ ...GOODNIGHT, id }, DEVICES))).toBeUndefined();
});

test("a misspelt member is told, with those that there are", () => {
  const message = messageOf(() =>
    parseScene(withStage({ ...LOCK, requierd: ["front_door"] }), DEVICES),
  );

  expect(message).toBe(
    'Scene "goodnight": stage "lock" has no member "requierd"; it has name, devices, required, transitionSeconds, windowSeconds, fadeSeconds, when, deviceWhen, fromParameters.',
  );
});

test("a refusal of a state names scene, device and field", () => {
  const message = messageOf(() =>
    parseScene(
      withStage({ name: "dim", devices: { hall_lamp: { light: { brightness: 255 } } } }),
      DEVICES,
    ),
  );

  expect(message).toBe(
    'Scene "goodnight", hall_lamp: brightness must be 0-100 (percent); got 255. If you meant the 0-255 scale, send 100.',
  );
});

test.each([
  [200, undefined],
  [201, "SceneInvalid"],
])("of a scene with %i devices comes: %s", (count, code) => {
  const plugs = Array.from({ length: count }, (_, index) => device(`plug_${index}`, "plug"));
  const stage = {
    name: "off",
    devices: Object.fromEntries(plugs.map((one) => [one.id, { plug: { on: false } }])),
  };

  expect(codeOf(() => parseScene(withStage(stage), plugs))).toBe(code);
});

test("a scene's record may carry its format's number, which is no part of the scene", () => {
  expect(parseScene({ ...GOODNIGHT, v: 1 }, DEVICES)).toEqual(parseScene(GOODNIGHT, DEVICES));
});

test.each(UNKNOWN_FORMATS)("a scene's record of the format %j is refused by name", (v, shown) => {
  const parse = () => parseScene({ ...GOODNIGHT, v, stages: "of another form" }, DEVICES);

  expect(codeOf(parse)).toBe("FormatUnknown");
  expect(messageOf(parse)).toBe(
    `Scene "goodnight" has the format ${shown}; this version reads format 1. Use the version that wrote it. Nothing was changed.`,
  );
});
