import { expect, test } from "vitest";
import { readingsOf, sensesOf } from "#bridges/zwave/readings.ts";
import { aNode, type ToldValue } from "./a-node.ts";

test.for<readonly [string, ToldValue, unknown]>([
  [
    "an open window",
    [113, "Access Control", "Door state (simple)", 22],
    { contact: { open: true } },
  ],
  [
    "a closed one",
    [113, "Access Control", "Door state (simple)", 23],
    { contact: { open: false } },
  ],
  ["a tilted one", [113, "Access Control", "Door state", 5633], { contact: { open: true } }],
  ["motion", [113, "Home Security", "Motion sensor status", 8], { motion: { detected: true } }],
  ["none", [113, "Home Security", "Motion sensor status", 0], { motion: { detected: false } }],
  ["water", [113, "Water Alarm", "Sensor status", 2], { leak: { detected: true } }],
  ["smoke", [113, "Smoke Alarm", "Sensor status", 1], { smoke: { detected: true } }],
  ["an older contact", [48, "Door/Window", undefined, true], { contact: { open: true } }],
  [
    "a warm room",
    [49, "Air temperature", undefined, 21.5, { unit: "°C" }],
    { temperature: { celsius: 21.5 } },
  ],
  [
    "the same in Fahrenheit",
    [49, "Air temperature", undefined, 70.7, { unit: "°F" }],
    { temperature: { celsius: 21.5 } },
  ],
  ["power", [50, "value", "66049", 42, { unit: "W" }], { power: { watts: 42 } }],
  ["a battery", [128, "level", undefined, 87], { battery: { percent: 87 } }],
])("%s", ([, value, readings]) => {
  expect(readingsOf(aNode([value]), [0])).toEqual(readings);
});

test("what has not been told yet is a sense without a reading", () => {
  const node = aNode([[113, "Water Alarm", "Sensor status", undefined]]);

  expect(sensesOf(node, [0])).toEqual(["leak"]);
  expect(readingsOf(node, [0])).toEqual({});
});

test("energy that was used is no power", () => {
  const node = aNode([[50, "value", "65537", 3.2, { unit: "kWh" }]]);

  expect(sensesOf(node, [0])).toEqual([]);
});
