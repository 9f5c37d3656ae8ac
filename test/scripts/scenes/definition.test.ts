import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parseScene } from "#domain/home/scene.ts";
import { compileScene } from "#domain/scene/definition/compile-scene.ts";
import { parseDefinition } from "#domain/scene/definition/parse-definition.ts";
import type { Facts } from "#domain/scene/settle/is-met.ts";
import { devicesAsked, settleScene } from "#domain/scene/settle/settle-scene.ts";
import { readYamlSource } from "../../../scripts/scenes/read-yaml-source.ts";
import { A_HOME } from "../../support/scenes/a-home.ts";
import { BAD_YAML } from "../../support/scenes/bad-scenes.ts";

const ROOM = new URL("../../../functions/domain/scene/", import.meta.url);
const isOfSchema = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync(new URL("scene.schema.json", ROOM), "utf8")),
);
const [FILM = "", EVENING = ""] = [
  ...readFileSync(new URL("README.md", ROOM), "utf8").matchAll(/```yaml\n(.*?)```/gs),
].map(([, text = ""]) => text);

const compile = (text: string) => compileScene(parseDefinition(readYamlSource(text)), A_HOME, 1);
const facts = (more: Partial<Facts>): Facts => ({ timeOfDay: "20:00", reported: {}, ...more });

// REQ: scene-format
describe("the schema, as an independent validator reads it", () => {
  test.each([FILM, EVENING])("takes the examples of the documentation", (text) => {
    expect(isOfSchema(readYamlSource(text).value)).toBe(true);
  });

  // What only the home knows (names, kinds, contradictions) no schema says; the form it does.
  test.each(
    BAD_YAML.filter(({ what }) =>
      [
        "a text",
        "a list",
        "no name",
        "a name of 65 characters",
        "an id that is no id",
        "a member nobody knows",
        "no entities",
        "entities as a list",
        "201 entities",
        "a conflict nobody knows",
        "half a partial",
        "six tries",
        "a hold of a banana",
        "expired before it is sent",
        "stages and entities",
        "no stage",
        "eleven stages",
        "a stage with a slip of the pen",
        "a fade of an hour",
        "a target of no kind",
        "a target without a state",
        "no state",
        "parameters as a list",
        "a parameter of no type",
        "a choice that is no choice",
        "a condition that is a text",
        "a time that is none",
        "a sun that is at noon",
        "no condition in a list",
      ].includes(what),
    ),
  )("refuses $what", ({ text }) => {
    expect(isOfSchema(readYamlSource(text).value)).toBe(false);
  });
});

test("a plain scene of Home Assistant is a scene", () => {
  expect(compile(FILM)).toEqual({
    id: "film_night",
    name: "Film night",
    aliases: [],
    version: 1,
    stages: [
      {
        name: "all at once",
        devices: {
          ceiling: { light: { on: false } },
          shelf_left: { light: { on: true, brightness: 30, hue: 39.1, saturation: 84.3 } },
        },
        required: [],
        transitionSeconds: 0,
        windowSeconds: {},
      },
    ],
  });
});

test("everything that may be said is compiled, and read again from its record", () => {
  const scene = compile(EVENING);

  expect(scene.rules).toEqual({
    onConflict: "yield_to_manual",
    onPartial: "keep",
    retry: { tries: 2 },
    expiresSeconds: 30,
    holdSeconds: 10,
  });
  expect(scene.approval).toEqual(["front_door"]);
  expect(scene.schedules).toBe(false);
  expect(scene.stages.map(({ devices }) => devices)).toEqual([
    { blind: { cover: { position: 0 } }, front_door: { lock: { locked: true } } },
    {
      hall_lamp: { light: { on: false } },
      kettle: { plug: { on: false } },
      shelf_left: { light: { on: true, brightness: 40 } },
      ceiling: { light: { on: true, brightness: 40 } },
    },
  ]);
  expect(parseScene(JSON.parse(JSON.stringify(scene)), A_HOME.devices)).toEqual(scene);
});

test("a parameter takes its caller's value, as a number or as its text", () => {
  const settled = settleScene(compile(EVENING), { level: "70" }, facts({ sun: "down" }));

  expect(settled.scene.stages[1]?.devices.ceiling).toEqual({ light: { on: true, brightness: 70 } });
});

test.each([{ level: 0 }, { level: "bright" }, { lvl: 5 }, { level: null }])(
  "a parameter out of its range is refused: %j",
  (given) => {
    expect(() => settleScene(compile(EVENING), given, facts({}))).toThrow(
      expect.objectContaining({ code: "ParameterInvalid" }),
    );
  },
);

test("by day the second stage is skipped, and each of its devices says why", () => {
  const { scene, skipped } = settleScene(compile(EVENING), {}, facts({ sun: "up" }));

  expect(scene.stages.map(({ name }) => name)).toEqual(["close"]);
  expect(skipped).toEqual([
    { device: "hall_lamp", stage: "light", because: "the sun is up" },
    { device: "kettle", stage: "light", because: "the sun is up" },
    { device: "shelf_left", stage: "light", because: "the sun is up" },
    { device: "ceiling", stage: "light", because: "the sun is up" },
  ]);
});

test("a device whose own condition is not met is skipped alone, and so is one of which nothing is known", () => {
  const scene = compile(EVENING);
  const skipped = (open: unknown) =>
    settleScene(
      scene,
      {},
      facts({ sun: "down", reported: open === undefined ? {} : { window: { contact: { open } } } }),
    ).skipped.map(({ device }) => device);

  expect(devicesAsked(scene)).toEqual(["window"]);
  expect(skipped(false)).toEqual([]);
  expect(skipped(true)).toEqual(["kettle"]);
  expect(skipped(undefined)).toEqual(["kettle"]);
});

test.each([
  ['{after: "22:00", before: "06:00"}', "23:30", true],
  ['{after: "22:00", before: "06:00"}', "06:00", false],
  ['{after: "22:00", before: "06:00"}', "12:00", false],
  ['{after: "22:00"}', "23:59", true],
  ['{before: "06:00"}', "05:59", true],
  ['{before: "06:00"}', "06:00", false],
  ["{mode: away}", "12:00", false],
  ["{any: [{mode: away}, {after: '10:00'}]}", "12:00", true],
  ["[{sun: up}, {after: '10:00'}]", "12:00", false],
  ["{device: outside, is: {temperature: {celsius: {above: 20, below: 25}}}}", "12:00", true],
  ["{device: ceiling, is: {light: {brightness: 40}}}", "12:00", true],
])("the condition %s at %s is met: %s", (condition, timeOfDay, isMet) => {
  const scene = compile(`name: A\nentities: {kettle: off}\nwhen: ${condition}`);

  const { skipped } = settleScene(
    scene,
    {},
    {
      timeOfDay,
      reported: {
        outside: { temperature: { celsius: 22 } },
        ceiling: { light: { on: true, brightness: 39 } },
      },
    },
  );

  expect(skipped.length === 0).toBe(isMet);
});
