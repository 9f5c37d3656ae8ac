import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import type { Scene } from "#domain/home/scene.ts";
import { compileScene } from "#domain/scene/definition/compile-scene.ts";
import { parseDefinition } from "#domain/scene/definition/parse-definition.ts";
import { assistantScenes } from "../../../scripts/scenes/assistant-scenes.ts";
import { convertScenes } from "../../../scripts/scenes/convert-scenes.ts";
import { parseMap, proposeMap } from "../../../scripts/scenes/entity-map.ts";
import { exportScenes } from "../../../scripts/scenes/export-scenes.ts";
import { reportLines } from "../../../scripts/scenes/import-report.ts";
import { readYamlSource } from "../../../scripts/scenes/read-yaml-source.ts";
import { A_HOME } from "../../support/scenes/a-home.ts";

const FORMS = new URL("../../fixtures/home-assistant-scene-forms.yaml", import.meta.url);

const light = (id: string) => ({
  id,
  name: id.replaceAll("_", " "),
  kind: "light",
  room: "Living room",
});
/** A home that has everything of those scenes. */
const HOME = parseHome(
  {
    devices: [
      ...["shelf_left", "shelf_right", "ceiling", "desk", "stairs", "sofa", "table", "strip"].map(
        light,
      ),
      { ...light("strip_back"), effects: ["rainbow"] },
      light("garage"),
      { id: "kettle", name: "Kettle", kind: "plug", room: "Kitchen" },
      { id: "guests", name: "Guests", kind: "plug", room: "Hall" },
      { id: "front_door", name: "Front door", kind: "lock", room: "Hall" },
      {
        id: "blind_study",
        name: "Blind study",
        kind: "cover",
        deviceClass: "blind",
        room: "Study",
      },
      { id: "hall", name: "Hall heating", kind: "climate", room: "Hall" },
      { id: "radio", name: "Radio", kind: "media", room: "Kitchen", sources: ["Radio 1"] },
      { id: "bath", name: "Bath fan", kind: "fan", room: "Bath" },
      { id: "bedroom", name: "Bedroom mist", kind: "humidifier", room: "Bedroom" },
      { id: "downstairs", name: "Robot", kind: "vacuum", room: "Hall" },
    ],
    scenes: [],
    groups: [{ id: "all_lights", name: "All lights", members: ["ceiling", "sofa"] }],
  },
  A_HOME.place,
);

const imported = (text: string, map?: string, home = HOME) => {
  const source = readYamlSource(text);
  const scenes = assistantScenes(source);
  const entities = [...new Set(scenes.flatMap((scene) => Object.keys(scene.entities)))];
  const made = parseMap(map ?? proposeMap(entities, home), "map.yaml");
  return convertScenes(scenes, source, made, home);
};
const statesOf = (scene: Scene | undefined) =>
  Object.fromEntries((scene?.stages ?? []).flatMap(({ devices }) => Object.entries(devices)));

// REQ: scene-import
describe("every form of public scenes", () => {
  const text = readFileSync(FORMS, "utf8");

  test("is imported, or reported as skipped with its reason", () => {
    const reports = imported(text);

    expect(reports.map(({ name, became }) => [name, became])).toEqual([
      ["Film night", "imported"],
      ["Everybody out", "partly"],
    ]);
    expect(statesOf(reports[0]?.scene)).toEqual({
      shelf_left: { light: { on: true, brightness: 39, hue: 39.1, saturation: 84.3 } },
      shelf_right: { light: { on: true, brightness: 30, hue: 39.1, saturation: 84.3 } },
      ceiling: { light: { on: false } },
      desk: { light: { on: true, brightness: 35, hue: 9.1, saturation: 72.2 } },
      stairs: { light: { on: true, brightness: 1, hue: 28.3, saturation: 65.1 } },
      sofa: { light: { on: true, hue: 34.7, saturation: 70.2 } },
      table: { light: { on: true, brightness: 50, colorTempK: 2702 } },
      strip: { light: { on: true, hue: 0, saturation: 0 } },
      strip_back: { light: { on: true, effect: "rainbow" } },
    });
    expect(statesOf(reports[1]?.scene)).toEqual({
      ceiling: { light: { on: false } },
      sofa: { light: { on: false } },
      kettle: { plug: { on: false } },
      guests: { plug: { on: false } },
      front_door: { lock: { locked: true } },
      blind_study: { cover: { position: 0, tilt: 50 } },
      hall: { climate: { mode: "heat", targetC: 17.5 } },
      radio: { media: { playback: "playing", volume: 35, source: "Radio 1" } },
      bath: { fan: { on: true, speed: 66 } },
      bedroom: { humidifier: { on: true, targetHumidity: 45 } },
      downstairs: { vacuum: { activity: "docked" } },
    });
    expect(reportLines(reports)).toEqual([
      "    4  Film night: imported",
      "   21  Everybody out: partly",
      "   35    light.garage: skipped, Home Assistant stored that it was unavailable",
      "   36    light.unknown_one: skipped, Home Assistant stored that it was unknown",
      "2 scenes: 1 imported, 1 partly, 0 skipped.",
    ]);
  });
});

test("the map proposes exact names as they are, and everything doubtful with a ?", () => {
  const entities = [
    "group.all_lights",
    "light.ceiling",
    "light.celing",
    "light.zzz",
    "sensor.rain",
  ];

  expect(proposeMap(entities, HOME).split("\n").slice(2)).toEqual([
    '"group.all_lights": "group:all_lights"',
    '"light.ceiling": "ceiling"',
    '"light.celing": "?ceiling"',
    '"light.zzz": "?"',
    '"sensor.rain": null',
    "",
  ]);
});

test("nothing is imported under a doubtful mapping", () => {
  const [report] = imported("- name: A\n  entities: {light.celing: on, light.ceiling: on}");

  expect(report?.became).toBe("partly");
  expect(statesOf(report?.scene)).toEqual({ ceiling: { light: { on: true } } });
  expect(report?.entities[0]?.because).toEqual([
    "the map only proposes ceiling: take the ? away if it is that",
  ]);
});

test.each([
  ["a secret", "light.ceiling: !secret state", "!secret can only be read by Home Assistant"],
  [
    "a secret inside",
    "light.ceiling: {state: !secret s}",
    "state can only be read by Home Assistant",
  ],
  ["a sensor", "sensor.rain: wet", "the home has no kind of device for sensor"],
  ["a script", "script.hello: on", "the home has no kind of device for script"],
  ["no state", "light.ceiling:", "it has no state"],
  [
    "a state that is none",
    "lock.front_door: locking",
    'its state must be one of locked, unlocked; got "locking"',
  ],
  [
    "closed and open",
    "cover.blind_study: {state: closed, current_position: 9}",
    "it is closed and its position is 9",
  ],
  ["no entity", "ceiling: on", "it is no entity's id"],
])("%s is skipped, and says why", (_, line, because) => {
  const [report] = imported(`- name: A\n  entities:\n    ${line}`);

  expect(report).toMatchObject({
    became: "skipped",
    because: "nothing of it can be taken over",
    entities: [{ line: 3, became: "skipped", because: [because] }],
  });
});

test.each([
  ["light.ceiling: {state: on, effect: strobe}", 'effect: ceiling has no effect "strobe"'],
  ["light.ceiling: {state: on, white: 20}", "white: the home has no word for it"],
  ["climate.hall: {state: heat, preset_mode: eco}", "preset_mode: the home has no word for it"],
  ["light.ceiling: {state: on, glow: 7}", "glow: it is no attribute of such a device"],
  ["group.all_lights: {state: on, brightness: 7}", "brightness: a group is on or off here"],
])("of %s the rest is imported", (line, because) => {
  const [report] = imported(`- name: A\n  entities:\n    ${line}`);

  expect(report?.entities[0]).toMatchObject({ became: "partly", because: [because] });
});

test("two scenes of one id are not one scene, and one without a name is none", () => {
  const text =
    "- {name: A b, entities: {light.desk: on}}\n- {name: a-B, entities: {light.desk: off}}\n- {entities: {light.desk: on}}";

  expect(imported(text).map(({ became, because }) => [became, because])).toEqual([
    ["imported", undefined],
    ["skipped", '"A b" has the same id'],
    ["skipped", "it has no name"],
  ]);
});

test("a scene that says more than Home Assistant can is read whole, or refused where it is wrong", () => {
  const [good, bad] = imported(
    "- name: Dusk\n  stages:\n    - entities: {Ceiling: off}\n- name: Dawn\n  hold: 5s\n  entities:\n    Celing: on",
    "{}",
  );

  expect(good).toMatchObject({ name: "Dusk", became: "imported" });
  expect(statesOf(good?.scene)).toEqual({ ceiling: { light: { on: false } } });
  expect(bad?.because).toMatch(
    /^line 7, column 5 \(entities\.Celing\): No device is called "Celing"/,
  );
});

test("two entities that are one device here must not contradict", () => {
  const map = "light.desk: desk\nlight.lamp: desk";
  const [report] = imported("- {name: A, entities: {light.desk: on, light.lamp: off}}", map);

  expect(report?.entities[1]).toMatchObject({ became: "skipped" });
  expect(statesOf(report?.scene)).toEqual({ desk: { light: { on: true } } });
});

const percent = fc.integer({ min: 1, max: 100 });
const STATES: Readonly<Record<string, fc.Arbitrary<object>>> = {
  desk: fc.oneof(
    fc.constant({ light: { on: false } }),
    fc.record({ light: fc.record({ on: fc.constant(true), brightness: percent }) }),
    fc.record({
      light: fc.record({ on: fc.constant(true), colorTempK: fc.integer({ min: 1500, max: 9000 }) }),
    }),
    fc.record({
      light: fc.record({
        on: fc.constant(true),
        brightness: percent,
        hue: fc.integer({ min: 0, max: 3600 }).map((one) => one / 10),
        saturation: fc.integer({ min: 0, max: 1000 }).map((one) => one / 10),
      }),
    }),
  ),
  strip_back: fc.constant({ light: { on: true, effect: "rainbow" } }),
  kettle: fc.record({ plug: fc.record({ on: fc.boolean() }) }),
  front_door: fc.record({ lock: fc.record({ locked: fc.boolean() }) }),
  blind_study: fc.record({
    cover: fc.record({ position: fc.integer({ min: 0, max: 100 }), tilt: percent }),
  }),
  hall: fc.record({
    climate: fc.record({
      mode: fc.constantFrom("heat", "cool", "auto"),
      targetC: fc.integer({ min: 10, max: 70 }).map((one) => one / 2),
    }),
  }),
  radio: fc.oneof(
    fc.constant({ media: { playback: "off" } }),
    fc.record({
      media: fc.record({ playback: fc.constantFrom("playing", "paused"), volume: percent }),
    }),
  ),
  bath: fc.record({
    fan: fc.record({ on: fc.constant(true), speed: percent, oscillating: fc.boolean() }),
  }),
  bedroom: fc.record({ humidifier: fc.record({ on: fc.constant(true), targetHumidity: percent }) }),
  downstairs: fc.record({
    vacuum: fc.record({ activity: fc.constantFrom("docked", "cleaning", "paused") }),
  }),
};

test("what is exported and imported again is the same scene", () => {
  fc.assert(
    fc.property(fc.record(STATES, { requiredKeys: ["desk"] }), (entities) => {
      const source = { value: { name: "Film night", entities }, positionOf: () => undefined };
      const scene = compileScene(parseDefinition(source), HOME, 1);

      const [again] = imported(exportScenes({ ...HOME, scenes: [scene] }, new Map()));

      expect(again?.became).toBe("imported");
      expect(again?.scene).toEqual(scene);
    }),
    { numRuns: 60 },
  );
});
