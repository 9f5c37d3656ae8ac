import { describe, expect, test } from "vitest";
import { completeState, isAsWanted } from "#domain/home/vocabulary.ts";
import { codeOf, messageOf } from "../code-of.ts";

describe("what is reported is what was asked", () => {
  test.each([
    ["370 mireds are 2,703 K", { light: { colorTempK: 2700 } }, { light: { colorTempK: 2703 } }],
    ["one mired more", { light: { colorTempK: 2700 } }, { light: { colorTempK: 2695 } }],
    ["102 of 254", { light: { brightness: 40 } }, { light: { brightness: 40.16 } }],
    ["50 of 99", { cover: { position: 50 } }, { cover: { position: 51 } }],
    ["a cover that ends at 1 %", { cover: { position: 0 } }, { cover: { position: 1 } }],
    ["a hue over the top of its circle", { light: { hue: 359.5 } }, { light: { hue: 0.5 } }],
    ["half degrees", { climate: { targetC: 17.3 } }, { climate: { targetC: 17.5 } }],
  ] as const)("%s", (_what, wanted, reported) => {
    expect(isAsWanted(wanted, reported)).toBe(true);
  });

  test.each([
    ["another colour", { light: { colorTempK: 2700 } }, { light: { colorTempK: 2720 } }],
    ["another brightness", { light: { brightness: 40 } }, { light: { brightness: 42 } }],
    ["another temperature", { climate: { targetC: 17 } }, { climate: { targetC: 17.5 } }],
    ["another hue", { light: { hue: 359.5 } }, { light: { hue: 2 } }],
    ["a text for a number", { cover: { position: 0 } }, { cover: { position: "0" } }],
    ["nothing", { cover: { position: 0 } }, {}],
    [
      "a lamp that is off, though its brightness is right",
      { light: { on: true, brightness: 40 } },
      { light: { on: false, brightness: 40 } },
    ],
  ] as const)("but not %s", (_what, wanted, reported) => {
    expect(isAsWanted(wanted, reported)).toBe(false);
  });

  test("as far as a device of three speeds can be set", () => {
    const reported = { fan: { on: true, speed: 67 } };

    expect(isAsWanted({ fan: { on: true, speed: 80 } }, reported)).toBe(false);
    expect(isAsWanted({ fan: { on: true, speed: 80 } }, reported, { speed: 33 })).toBe(true);
  });

  // Only 555 of them come back from whole mireds as they went.
  test("every colour temperature, after the way through whole mireds", () => {
    const kelvins = Array.from({ length: 7501 }, (_, i) => 1500 + i);

    const lost = kelvins.filter((colorTempK) => {
      const back = Math.round(1e6 / Math.round(1e6 / colorTempK));
      return !isAsWanted({ light: { colorTempK } }, { light: { colorTempK: back } });
    });

    expect(lost).toEqual([]);
  });

  test("every percentage, after the way through 254 and through 99 steps", () => {
    const lost = [254, 99].flatMap((steps) =>
      Array.from({ length: 101 }, (_, position) => position).filter((position) => {
        const back = Math.round((Math.round((position * steps) / 100) * 100) / steps);
        return !isAsWanted({ cover: { position } }, { cover: { position: back } });
      }),
    );

    expect(lost).toEqual([]);
  });
});

describe("a state is whole", () => {
  test.each([
    [{ light: { brightness: 40 } }, { light: { on: true, brightness: 40 } }],
    [{ light: { brightness: 0 } }, { light: { on: false } }],
    [{ light: { hue: 30 } }, { light: { on: true, hue: 30, saturation: 100 } }],
    [{ light: { on: false } }, { light: { on: false } }],
    [{ media: { volume: 20 } }, { media: { playback: "playing", volume: 20 } }],
    [{ media: { playback: "paused" } }, { media: { playback: "paused" } }],
    [{ climate: { targetC: 21 } }, { climate: { mode: "heat", targetC: 21 } }],
    [{ climate: { mode: "auto", targetC: 21 } }, { climate: { mode: "auto", targetC: 21 } }],
    [{ fan: { speed: 50 } }, { fan: { on: true, speed: 50 } }],
    [{ humidifier: { targetHumidity: 45 } }, { humidifier: { on: true, targetHumidity: 45 } }],
    [{ cover: { tilt: 50 } }, { cover: { tilt: 50 } }],
  ] as const)("%j means %j", (wanted, whole) => {
    expect(completeState(wanted, "hall_lamp")).toEqual(whole);
  });

  test.each([
    [{ light: { on: false, brightness: 40 } }, "on: false goes with nothing else"],
    [{ light: { on: true, brightness: 0 } }, "brightness 0 is off"],
    [{ light: { colorTempK: 2700, hue: 30 } }, "one colour"],
    [{ light: { saturation: 30 } }, "saturation needs a hue"],
    [{ media: { playback: "off", volume: 3 } }, "playback: off goes with nothing else"],
    [{ climate: { mode: "off", targetC: 20 } }, "mode: off has no target temperature"],
    [{ fan: { on: true, speed: 0 } }, "speed 0 is off"],
  ] as const)("%j contradicts itself, and is refused", (wanted, told) => {
    const complete = () => completeState(wanted, "hall_lamp");

    expect(codeOf(complete)).toBe("StateInvalid");
    expect(messageOf(complete)).toContain(`hall_lamp: `);
    expect(messageOf(complete)).toContain(told);
  });
});
