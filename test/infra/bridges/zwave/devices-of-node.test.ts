import { expect, test } from "vitest";
import { devicesOfNode } from "#bridges/zwave/devices-of-node.ts";
import type { Way } from "#bridges/zwave/kinds/way.ts";
import { aNode, type ToldValue } from "./a-node.ts";

const LEVEL: readonly ToldValue[] = [
  [38, "currentValue", undefined, 40, { min: 0, max: 99 }],
  [38, "targetValue", undefined, 40, { valueChangeOptions: ["transitionDuration"] }],
];
const SWITCH: readonly ToldValue[] = [
  [37, "currentValue", undefined, true],
  [37, "targetValue", undefined, true],
];

const classed = (generic: number, specific: number) => ({
  endpoints: [
    {
      nodeId: 7,
      index: 0,
      deviceClass: { generic: { key: generic }, specific: { key: specific } },
    },
  ],
});

const wayOf = (values: readonly ToldValue[], more = {}): Way => {
  const [device] = devicesOfNode(aNode(values, more));
  if (device?.way === undefined) throw new Error("it cannot be commanded");
  return device.way;
};

/** What is written for what is asked in the home's words. */
const written = (way: Way, asked: Readonly<Record<string, boolean | number | string>>) =>
  way
    .writes(
      Object.fromEntries(
        Object.entries(asked).flatMap(([field, value]) => {
          const held = way.fields[field]?.toDevice(value);
          return held === undefined ? [] : [[field, held]];
        }),
      ),
    )
    .map(({ commandClass, property, propertyKey, value }) =>
      propertyKey === undefined
        ? [commandClass, property, value]
        : [commandClass, property, propertyKey, value],
    );

/** What is understood, in the home's words. */
const atHome = (way: Way, answers: Parameters<Way["understand"]>[0]) =>
  Object.fromEntries(
    Object.entries(way.understand(answers).values).map(([field, value]) => [
      field,
      way.fields[field]?.toHome(value),
    ]),
  );

test.for([
  [17, 3, "cover"],
  [17, 5, "cover"],
  [17, 7, "cover"],
  [17, 8, "fan"],
  [17, 1, "light"],
] as const)("a level of the device class %i %i is a %s", ([generic, specific, kind]) => {
  const way = wayOf(LEVEL, classed(generic, specific));

  expect(way.kind).toBe(kind);
});

test("a dimmer takes 1 to 99, off as 0, and on alone as it was last", () => {
  const way = wayOf(LEVEL);

  expect(written(way, { on: true, brightness: 100 })).toEqual([[38, "targetValue", 99]]);
  expect(written(way, { on: true, brightness: 1 })).toEqual([[38, "targetValue", 1]]);
  expect(written(way, { on: false })).toEqual([[38, "targetValue", 0]]);
  expect(written(way, { on: true })).toEqual([[38, "targetValue", 255]]);
  expect(atHome(way, [{ currentValue: 99 }])).toEqual({ on: true, brightness: 100 });
  expect(atHome(way, [{ currentValue: 0 }])).toEqual({ on: false });
});

test("a dimmer that does not know its level says nothing", () => {
  const way = wayOf(LEVEL);

  expect(way.understand([{ currentValue: 254 }])).toEqual({ values: {}, isMoving: false });
  expect(way.understand([undefined])).toEqual({ values: {}, isMoving: false });
});

test("a fade is over when nothing of it remains", () => {
  const way = wayOf(LEVEL);

  const remaining = (value: number) => ({ value, unit: "seconds" });
  const fading = { currentValue: 20, targetValue: 40, duration: remaining(2) };
  expect(way.understand([fading]).isMoving).toBe(true);
  expect(way.understand([{ ...fading, duration: remaining(0) }]).isMoving).toBe(false);
});

test("a colour is red, green and blue at full value, and the whites go dark", () => {
  const way = wayOf([
    ...LEVEL,
    ...[0, 2, 3, 4].map((one): ToldValue => [51, "currentColor", one, 0]),
    [51, "targetColor", undefined, undefined],
  ]);

  expect(written(way, { on: true, brightness: 50, hue: 120, saturation: 100 })).toEqual([
    [51, "targetColor", { warmWhite: 0, red: 0, green: 255, blue: 0 }],
    [38, "targetValue", 50],
  ]);
  const answers = [
    { currentValue: 50 },
    { currentValue: 255 },
    { currentValue: 128 },
    { currentValue: 0 },
  ];
  expect(atHome(way, answers)).toEqual({ on: true, brightness: 51, hue: 30.1, saturation: 100 });
});

test.for([0, 33, 60, 119, 180, 240, 300, 359])("hue %i comes back as it went", (hue) => {
  const way = wayOf([...LEVEL, ...[2, 3, 4].map((one): ToldValue => [51, "currentColor", one, 0])]);

  const [write] = way.writes({ hue, saturation: 80 });
  const { red, green, blue } = Object(write?.value) as Record<string, number>;
  const { values } = way.understand([
    undefined,
    { currentValue: red },
    { currentValue: green },
    { currentValue: blue },
  ]);

  expect(values.hue).toBeCloseTo(hue, 0);
  expect(values.saturation).toBeCloseTo(80, 0);
});

test("a window covering has a position, and slats that are open in the middle", () => {
  const way = wayOf([
    [106, "targetValue", 13, 0],
    [106, "targetValue", 23, 0],
  ]);

  expect(written(way, { position: 40, tilt: 100 })).toEqual([
    [106, "targetValue", 13, 40],
    [106, "targetValue", 23, 50],
  ]);
  expect(atHome(way, [{ currentValue: 99 }, { currentValue: 99 }])).toEqual({
    position: 100,
    tilt: 0,
  });
});

test("a lock is locked when it is secured, and no other way", () => {
  const way = wayOf([[98, "targetMode", undefined, 0]]);

  expect(written(way, { locked: true })).toEqual([[98, "targetMode", 255]]);
  expect(atHome(way, [{ currentMode: 255 }])).toEqual({ locked: true });
  expect(atHome(way, [{ currentMode: 16 }])).toEqual({ locked: false });
  expect(atHome(way, [{ currentMode: 254 }])).toEqual({});
});

test("a thermostat has the modes that it names, and the target of its mode", () => {
  const way = wayOf([
    [64, "mode", undefined, 1, { states: { 0: "Off", 1: "Heat", 2: "Cool" } }],
    [67, "setpoint", 1, 20, { unit: "°C", min: 5, max: 30 }],
    [67, "setpoint", 2, 26, { unit: "°C", min: 15, max: 35 }],
  ]);

  expect(way.fields.mode?.toDevice("auto")).toBeUndefined();
  expect(way.fields.targetC?.toDevice(31)).toBeUndefined();
  expect(written(way, { mode: "cool", targetC: 24 })).toEqual([
    [64, "mode", 2],
    [67, "setpoint", 2, 24],
  ]);
  expect(atHome(way, [{ mode: 2 }, { value: 20 }, { value: 24 }])).toEqual({
    mode: "cool",
    targetC: 24,
  });
  expect(atHome(way, [{ mode: 0 }, { value: 20 }, { value: 24 }])).toEqual({ mode: "off" });
});

test("a valve without modes heats, and one in Fahrenheit is set in whole degrees of it", () => {
  const way = wayOf([[67, "setpoint", 1, 68, { unit: "°F", min: 41, max: 86 }]]);

  expect(written(way, { mode: "heat", targetC: 21 })).toEqual([[67, "setpoint", 1, 70]]);
  expect(way.fields.mode?.toDevice("off")).toBeUndefined();
  expect(atHome(way, [{ value: 70 }])).toEqual({ mode: "heat", targetC: 21.1 });
});

test("a power strip is a device each, and what the strip itself senses is the first's", () => {
  const endpoints = [0, 1, 2].map((index) => ({ nodeId: 7, index, commandClasses: [] }));
  const outlet = (endpoint: number) => ({
    commandClass: 37,
    endpoint,
    property: "targetValue",
    metadata: {},
  });
  const power = {
    commandClass: 50,
    endpoint: 0,
    property: "value",
    propertyKey: 66049,
    value: 12,
    metadata: { unit: "W" },
  };

  const devices = devicesOfNode(aNode([], { endpoints, values: [outlet(1), outlet(2), power] }));

  expect(
    devices.map(({ endpoint, label, capabilities: { kind, senses } }) => [
      endpoint,
      label,
      kind,
      senses,
    ]),
  ).toEqual([
    [1, "1", "plug", ["power"]],
    [2, "2", "plug", []],
  ]);
});

test("what sleeps and what is beamed awake are told apart, and who supervises from who does not", () => {
  const supervision = {
    endpoints: [{ nodeId: 7, index: 0, commandClasses: [{ id: 108 }] }],
  };
  const sleeping = { isListening: false, isFrequentListening: false };
  const beamed = { isListening: false, isFrequentListening: "1000ms" };

  const of = (more: Readonly<Record<string, unknown>>) =>
    devicesOfNode(aNode(SWITCH, more)).map(({ capabilities: { isSleepy, evidence } }) => [
      isSleepy,
      evidence,
    ]);

  expect(of(sleeping)).toEqual([[true, "read"]]);
  expect(of({ ...beamed, ...supervision })).toEqual([[false, "own word"]]);
});

test("a node that the home has no word for is no device", () => {
  expect(devicesOfNode(aNode([[91, "scene", "001", undefined]]))).toEqual([]);
});
