import { describe, expect, test } from "vitest";
import { isCommandable } from "#domain/home/device.ts";
import { type Home, parseHome } from "#domain/home/home.ts";
import { normalizeName } from "#domain/home/names.ts";
import type { Scene } from "#domain/home/scene.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import content from "#house/demo-home.json" with { type: "json" };
import { firstValues } from "#house/simulated/first-values.ts";
import { AT_HOME } from "../../support/at-home.ts";

const home: Home = parseHome(content, AT_HOME);
const initial: Readonly<Record<string, ReportedState>> = content.initial;

const scene = (id: string): Scene => {
  const found = home.scenes.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no scene ${id}`);
  return found;
};

const devicesOf = (one: Scene): readonly string[] =>
  one.stages.flatMap((stage) => Object.keys(stage.devices));

describe("the demo home", () => {
  // REQ: demo-home
  test("has five rooms and fourteen devices of every kind, each device in a room of the home", () => {
    expect(content.rooms).toEqual(["Hall", "Garage", "Living room", "Bedroom", "Kitchen"]);
    expect(home.devices.map((device) => `${device.id} ${device.kind} ${device.room}`)).toEqual([
      "front_door lock Hall",
      "hall_lamp light Hall",
      "alarm alarm Hall",
      "garage_door cover Garage",
      "living_room_lamp light Living room",
      "living_room_ceiling light Living room",
      "television media Living room",
      "living_room_blinds cover Living room",
      "thermostat climate Living room",
      "bedroom_lamp light Bedroom",
      "bedside_lamp light Bedroom",
      "bedroom_blinds cover Bedroom",
      "coffee_machine plug Kitchen",
      "kitchen_light light Kitchen",
    ]);
  });

  test("has two floors with all its rooms, and groups of its lights and blinds", () => {
    expect(home.floors.flatMap(({ rooms }) => rooms).sort()).toEqual(content.rooms.toSorted());
    expect(home.groups.map(({ id, members }) => `${id} ${members.length}`)).toEqual([
      "all_lights 6",
      "blinds 2",
    ]);
  });

  test("no name or alias means two devices, two groups or floors, or two scenes", () => {
    for (const named of [home.devices, [...home.groups, ...home.floors], home.scenes]) {
      const names = named.flatMap(({ id, name, aliases }) => [
        ...new Set([id, name, ...aliases].map(normalizeName)),
      ]);

      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });

  test("goodnight closes and locks, then darkens, then arms, and asks every device", () => {
    const goodnight = scene("goodnight");

    expect(goodnight.stages.map((stage) => stage.name)).toEqual([
      "close and lock",
      "dark and quiet",
      "arm",
    ]);
    expect(goodnight.stages[0]?.required).toEqual(["front_door", "garage_door"]);
    expect(goodnight.stages[1]?.transitionSeconds).toBe(1);
    expect(goodnight.stages[2]?.devices).toEqual({ alarm: { alarm: { mode: "armed_night" } } });
    expect([...devicesOf(goodnight)].sort()).toEqual(
      home.devices.map((device) => device.id).sort(),
    );
  });

  test("away arms the alarm only after the doors are confirmed", () => {
    const away = scene("away");

    expect(away.stages[0]?.required).toEqual(["front_door", "garage_door"]);
    expect(away.stages.at(-1)?.devices).toEqual({ alarm: { alarm: { mode: "armed_away" } } });
  });

  test("there are four scenes, and none unlocks, disarms or opens the garage", () => {
    expect(home.scenes.map((one) => one.id)).toEqual([
      "goodnight",
      "good_morning",
      "movie_night",
      "away",
    ]);
    const wanted = home.scenes
      .flatMap((one) => one.stages.flatMap((stage) => Object.entries(stage.devices)))
      .map(([device, state]) => `${device} ${JSON.stringify(state)}`);
    expect(wanted.filter((text) => /"locked":false|disarmed/.test(text))).toEqual([]);
    expect(wanted.filter((text) => /^garage_door/.test(text))).toEqual([
      'garage_door {"cover":{"position":0}}',
      'garage_door {"cover":{"position":0}}',
    ]);
  });

  test("every device starts with values that it can have, in the evening: awake, open, unarmed", () => {
    const first = Object.fromEntries(
      home.devices
        .filter(isCommandable)
        .map((device) => [device.id, firstValues(device, initial[device.id])]),
    );

    expect(Object.keys(initial).sort()).toEqual(home.devices.map(({ id }) => id).sort());
    expect(first.front_door).toEqual({ locked: false });
    expect(first.garage_door).toEqual({ position: 100 });
    expect(first.alarm).toEqual({ mode: "disarmed" });
    expect(first.thermostat).toEqual({ mode: "heat", targetC: 21, currentC: 20.8 });
  });
});
