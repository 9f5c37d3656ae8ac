import { describe, expect, test } from "vitest";
import {
  commandableState,
  type DeviceKind,
  defaultWindowSeconds,
  describeWantedState,
  exactly,
  isAsWanted,
  isDeviceKind,
  parseWantedState,
  type WantedState,
} from "#domain/home/vocabulary.ts";
import { codeOf, messageOf } from "../code-of.ts";

const ACCEPTED: readonly (readonly [DeviceKind, unknown])[] = [
  ["light", { light: { on: true } }],
  ["light", { light: { brightness: 0 } }],
  ["light", { light: { brightness: 100 } }],
  ["light", { light: { on: true, brightness: 40, colorTempK: 1500 } }],
  ["light", { light: { colorTempK: 9000 } }],
  ["plug", { plug: { on: false } }],
  ["lock", { lock: { locked: true } }],
  ["cover", { cover: { position: 0 } }],
  ["cover", { cover: { position: 100 } }],
  ["climate", { climate: { mode: "heat", targetC: 18.5 } }],
  ["climate", { climate: { targetC: 5 } }],
  ["climate", { climate: { targetC: 35 } }],
  ["media", { media: { playback: "paused" } }],
  ["media", { media: { volume: 7 } }],
  ["alarm", { alarm: { mode: "armed_vacation" } }],
];

// REQ: device-vocabulary
test.each(ACCEPTED)("a %s may be asked for %j", (kind, value) => {
  const wanted = parseWantedState(kind, value, "d");

  expect(wanted).toEqual(value);
});

const REFUSED: readonly (readonly [DeviceKind, unknown, string])[] = [
  ["light", null, "the wanted state must be an object"],
  ["light", [], "the wanted state must be an object"],
  ["light", "on", "the wanted state must be an object"],
  ["light", {}, 'the one key "light"'],
  ["light", { light: true }, 'the one key "light"'],
  ["light", { light: null }, 'the one key "light"'],
  ["light", { lock: { locked: true } }, 'got ["lock"]'],
  ["light", { light: { on: true }, plug: { on: true } }, 'got ["plug"]'],
  [
    "light",
    { light: {} },
    '"light" must ask for something: on, brightness, colorTempK, hue, saturation, effect.',
  ],
  ["light", { light: { colour: "red" } }, '"light" has no "colour"'],
  ["light", { light: { constructor: true } }, '"light" has no "constructor"'],
  ["light", { light: { on: "true" } }, 'on must be true or false; got "true".'],
  ["light", { light: { on: 1 } }, "on must be true or false; got 1."],
  ["light", { light: { on: null } }, "on must be true or false; got null."],
  ["light", { light: { brightness: -1 } }, "brightness must be 0-100 (percent); got -1."],
  ["light", { light: { brightness: 40.5 } }, "brightness must be 0-100 (percent); got 40.5."],
  ["light", { light: { brightness: "40" } }, 'brightness must be 0-100 (percent); got "40".'],
  ["light", { light: { brightness: Number.NaN } }, "brightness must be 0-100"],
  ["light", { light: { colorTempK: 1499 } }, "colorTempK must be 1500-9000 (kelvin)"],
  ["light", { light: { colorTempK: 9001 } }, "colorTempK must be 1500-9000 (kelvin)"],
  ["light", { light: { colorTempK: 2700.5 } }, "colorTempK must be 1500-9000 (kelvin)"],
  ["plug", { plug: { on: "off" } }, "on must be true or false"],
  ["lock", { lock: { locked: "yes" } }, "locked must be true or false"],
  ["cover", { cover: { position: 101 } }, "position must be 0-100 (percent)"],
  ["climate", { climate: { mode: "dry" } }, "mode must be one of off, heat, cool, auto"],
  ["climate", { climate: { targetC: 4.9 } }, "targetC must be 5-35 (°C); got 4.9."],
  ["climate", { climate: { targetC: 35.1 } }, "targetC must be 5-35 (°C); got 35.1."],
  ["media", { media: { playback: "play" } }, "playback must be one of playing, paused, off"],
  ["alarm", { alarm: { mode: "armed" } }, "mode must be one of disarmed, armed_home"],
];

// REQ: device-vocabulary
test.each(REFUSED)("a %s may not be asked for %j, and is told: %s", (kind, value, told) => {
  const parse = () => parseWantedState(kind, value, "hall_lamp");

  expect(codeOf(parse)).toBe("StateInvalid");
  expect(messageOf(parse)).toContain("hall_lamp: ");
  expect(messageOf(parse)).toContain(told);
});

test.each([
  [101, "send 40."],
  [128, "send 50."],
  [255, "send 100."],
])("a brightness of %i is taken for the 0-255 scale: %s", (brightness, hint) => {
  const message = messageOf(() => parseWantedState("light", { light: { brightness } }, "d"));

  expect(message).toContain(hint);
});

test("a brightness above 255 gets no hint", () => {
  const message = messageOf(() => parseWantedState("light", { light: { brightness: 256 } }, "d"));

  expect(message).toBe("d: brightness must be 0-100 (percent); got 256.");
});

test.each([{ light: { toggle: true } }, { light: { power: "toggle" } }])(
  "toggle is refused with its reason: %j",
  (value) => {
    const message = messageOf(() => parseWantedState("light", value, "d"));

    expect(message).toBe(
      'd: toggle is not accepted, because a repeated command would undo it. Send the wanted state, such as {"light":{"on":true,"brightness":40}}.',
    );
  },
);

test.each(["light", "plug", "lock", "cover", "climate", "media", "alarm"])(
  "%s is a kind of device",
  (word) => {
    expect(isDeviceKind(word)).toBe(true);
  },
);

test.each(["Light", "switch", "", "toString", "__proto__", 1, null, undefined, ["light"]])(
  "%j is no kind of device",
  (word) => {
    expect(isDeviceKind(word)).toBe(false);
  },
);

const WINDOWS: readonly (readonly [DeviceKind, WantedState, number, number])[] = [
  ["light", { light: { on: false } }, 0, 2],
  ["light", { light: { on: false } }, 3, 5],
  ["light", { light: { brightness: 10 } }, 0, 5],
  ["light", { light: { brightness: 0 } }, 10, 15],
  ["plug", { plug: { on: true } }, 0, 2],
  ["lock", { lock: { locked: true } }, 0, 10],
  ["cover", { cover: { position: 0 } }, 0, 60],
  ["climate", { climate: { targetC: 20 } }, 0, 5],
  ["media", { media: { volume: 1 } }, 0, 5],
  ["alarm", { alarm: { mode: "disarmed" } }, 0, 10],
];

test.each(WINDOWS)(
  "a %s asked for %j over %i s has %i s to answer",
  (kind, want, fade, seconds) => {
    expect(defaultWindowSeconds(kind, want, fade)).toBe(seconds);
  },
);

describe("exactly", () => {
  test("clears the values of the kind that are not wished", () => {
    const desired = exactly({ light: { brightness: 40 } });

    expect(desired).toEqual({
      light: {
        on: null,
        brightness: 40,
        colorTempK: null,
        hue: null,
        saturation: null,
        effect: null,
      },
    });
  });

  test("keeps a value that is false or 0", () => {
    expect(exactly({ plug: { on: false } })).toEqual({ plug: { on: false } });
    expect(exactly({ cover: { position: 0 } })).toEqual({ cover: { position: 0, tilt: null } });
  });
});

describe("commandableState", () => {
  test("leaves out what a device adds of its own", () => {
    const state = commandableState("light", {
      light: { on: true, brightness: 3, sparkle: "disco" },
      online: true,
      command: { id: "x" },
    });

    expect(state).toEqual({ light: { on: true, brightness: 3 } });
  });

  test.each([
    ["an object", { deep: 1 }],
    ["a list", [1]],
    ["null", null],
    ["65 letters", "a".repeat(65)],
    ["hidden letters", "he\u202eat"],
    ["an endless number", Number.POSITIVE_INFINITY],
  ])("leaves out a value that is %s", (_, mode) => {
    const state = commandableState("climate", { climate: { mode, targetC: 20 } });

    expect(state).toEqual({ climate: { targetC: 20 } });
  });

  test.each([{}, { light: null }, { light: "on" }, { light: [] }, { lock: { locked: true } }])(
    "is empty when the capability is missing: %j",
    (reported) => {
      expect(commandableState("light", reported)).toEqual({});
    },
  );
});

const COMPARED: readonly (readonly [boolean, WantedState, Record<string, unknown> | undefined])[] =
  [
    [true, { light: { on: true } }, { light: { on: true } }],
    [true, { light: { on: true } }, { light: { on: true, brightness: 9 }, online: true }],
    [false, { light: { on: true, brightness: 40 } }, { light: { on: true } }],
    [false, { light: { on: true } }, { light: { on: "true" } }],
    [false, { light: { on: false } }, { light: {} }],
    [false, { light: { on: false } }, { light: null }],
    [false, { lock: { locked: true } }, { light: { locked: true } }],
    [false, { lock: { locked: true } }, {}],
    [false, { lock: { locked: true } }, undefined],
    [false, { cover: { position: 0 } }, { cover: { position: false } }],
  ];

test.each(COMPARED)("it is %s that a wish for %j is met by %j", (met, wanted, reported) => {
  expect(isAsWanted(wanted, reported)).toBe(met);
});

const DESCRIBED: readonly (readonly [WantedState, string])[] = [
  [{ light: { on: true, brightness: 40, colorTempK: 2700 } }, "on, brightness 40 %, 2700 K"],
  [{ light: { on: false } }, "off"],
  [{ light: { brightness: 0 } }, "brightness 0 %"],
  [{ plug: { on: true } }, "on"],
  [{ plug: { on: false } }, "off"],
  [{ lock: { locked: true } }, "locked"],
  [{ lock: { locked: false } }, "unlocked"],
  [{ cover: { position: 0 } }, "closed"],
  [{ cover: { position: 30 } }, "30 % open"],
  [{ cover: { position: 100 } }, "open"],
  [{ climate: { mode: "heat", targetC: 18.5 } }, "heat, 18.5 °C"],
  [{ climate: { targetC: 18.5 } }, "18.5 °C"],
  [{ media: { playback: "paused", volume: 5 } }, "paused, volume 5 %"],
  [{ media: { volume: 0 } }, "volume 0 %"],
  [{ alarm: { mode: "armed_night" } }, "armed night"],
  [{ alarm: { mode: "disarmed" } }, "disarmed"],
];

test.each(DESCRIBED)("%j reads: %s", (wanted, words) => {
  expect(describeWantedState(wanted)).toBe(words);
});
