import { describe, expect, test } from "vitest";
import { holds } from "#bridges/core/held-values.ts";
import { isHeld } from "#bridges/core/scale.ts";
import { rowsOf } from "#bridges/zigbee2mqtt/attribute-frame.ts";
import { hueAndSaturationOf, xyOf } from "#bridges/zigbee2mqtt/color.ts";
import { parseHubDevices } from "#bridges/zigbee2mqtt/hub-device.ts";
import { parseHubInfo } from "#bridges/zigbee2mqtt/hub-info.ts";
import { settingsInTheWay } from "#bridges/zigbee2mqtt/in-the-way.ts";
import { failureIn } from "#bridges/zigbee2mqtt/log-failure.ts";
import type { Part } from "#bridges/zigbee2mqtt/part.ts";
import { isHeldBackByWishes, partsOf } from "#bridges/zigbee2mqtt/parts.ts";
import { placeOf } from "#bridges/zigbee2mqtt/place-of.ts";

const state = {
  type: "binary",
  name: "state",
  property: "state",
  access: 7,
  value_on: "ON",
  value_off: "OFF",
};
const number = (name: string, access: number, more: object = {}) => ({
  type: "numeric",
  name,
  property: name,
  access,
  ...more,
});
const colorTemp = number("color_temp", 7, { value_min: 250, value_max: 454 });

const parts = (
  exposes: readonly object[],
  clusters: readonly string[],
  more: object = {},
): readonly Part[] =>
  parseHubDevices([
    {
      type: "Router",
      ieee_address: "0x1",
      network_address: 7,
      friendly_name: "kitchen/one",
      interview_state: "SUCCESSFUL",
      power_source: "Mains (single phase)",
      definition: { exposes },
      endpoints: { 1: { clusters: { input: clusters } } },
      ...more,
    },
  ]).flatMap((device) => partsOf(device, false));

describe("what Zigbee2MQTT exposes", () => {
  test("of a lamp becomes a light with its fields, limits and the attributes that tell them", () => {
    const [lamp] = parts(
      [
        {
          type: "light",
          features: [state, number("brightness", 7, { value_max: 254 }), colorTemp],
        },
      ],
      ["genOnOff", "genLevelCtrl", "lightingColorCtrl"],
    );

    expect(lamp?.kind).toBe("light");
    expect(lamp?.fields.map(({ field, scale }) => [field, scale.range])).toEqual([
      ["on", "yes or no"],
      ["brightness", "1-100 %"],
      ["colorTempK", "2203-4000 K"],
    ]);
    expect(lamp?.capabilities.evidence).toBe("read");
    expect(lamp?.payload({ on: true, brightness: 10, colorTempK: 2200 }, 2)).toEqual({
      state: "ON",
      brightness: 25,
      color_temp: 454,
      transition: 2,
    });
    expect(lamp?.payload({ on: false }, 0)).toEqual({ state: "OFF" });
  });

  // REQ: bridge-own-units
  test("2,200 K are the 454 mireds of a lamp whose warmest is 454, and 2,000 K are none of its values", () => {
    const [lamp] = parts(
      [{ type: "light", features: [state, colorTemp] }],
      ["genOnOff", "lightingColorCtrl"],
    );
    const scale = lamp?.fields.find(({ field }) => field === "colorTempK")?.scale;
    if (scale === undefined) throw new Error("no scale");

    expect(isHeld(scale, 2200, 454)).toBe(true);
    expect(isHeld(scale, 2200, 440)).toBe(false);
    expect(scale.toDevice(2000)).toBeUndefined();
    expect(scale.toHome(454)).toBe(2203);
  });

  test("of a thermostat has its own step, and of its modes those that the home has", () => {
    const [thermostat] = parts(
      [
        {
          type: "climate",
          features: [
            number("occupied_heating_setpoint", 7, {
              value_min: 10,
              value_max: 30,
              value_step: 0.5,
            }),
            {
              type: "enum",
              name: "system_mode",
              property: "system_mode",
              access: 7,
              values: ["off", "heat", "emergency_heating"],
            },
          ],
        },
      ],
      ["hvacThermostat"],
    );

    expect(thermostat?.fields.map(({ field, scale }) => [field, scale.range])).toEqual([
      ["targetC", "10-30 °C"],
      ["mode", "off, heat"],
    ]);
    expect(thermostat?.payload({ targetC: 18.3, mode: "heat" }, 0)).toEqual({
      occupied_heating_setpoint: 18.5,
      system_mode: "heat",
    });
  });

  test("of a fan at any speed is on; it is told the speed, and on alone is its lowest", () => {
    const [fan] = parts(
      [
        {
          type: "fan",
          features: [
            {
              type: "enum",
              name: "mode",
              property: "fan_mode",
              access: 7,
              values: ["off", "low", "medium", "high", "on", "auto"],
            },
          ],
        },
      ],
      ["hvacFanCtrl"],
    );
    if (fan === undefined) throw new Error("no fan");
    const held = (mode: string) => ({
      said: "values" as const,
      values: { on: mode, speed: mode },
    });

    expect(holds(fan.capabilities, { on: true, speed: 66 }, held("medium"))).toBe(true);
    expect(holds(fan.capabilities, { on: true, speed: 100 }, held("high"))).toBe(true);
    expect(holds(fan.capabilities, { on: true, speed: 100 }, held("low"))).toBe(false);
    expect(holds(fan.capabilities, { on: true }, held("auto"))).toBe(true);
    expect(holds(fan.capabilities, { on: true }, held("off"))).toBe(false);
    expect(holds(fan.capabilities, { on: false }, held("medium"))).toBe(false);
    expect(holds(fan.capabilities, { on: false }, held("off"))).toBe(true);
    expect(fan.payload({ on: true, speed: 66 }, 0)).toEqual({ fan_mode: "medium" });
    expect(fan.payload({ on: true }, 0)).toEqual({ fan_mode: "low" });
    expect(fan.payload({ on: false }, 0)).toEqual({ fan_mode: "off" });
  });

  test("of two endpoints becomes two devices", () => {
    const on = (endpoint: string) => ({
      type: "switch",
      features: [{ ...state, property: `state_${endpoint}`, endpoint }],
    });
    const both = parts([on("l1"), on("l2")], [], {
      endpoints: {
        1: { name: "l1", clusters: { input: ["genOnOff"] } },
        2: { name: "l2", clusters: { input: ["genOnOff"] } },
      },
    });

    expect(both.map(({ address, fields }) => [address, fields[0]?.read?.endpoint])).toEqual([
      ["0x1/l1", 1],
      ["0x1/l2", 2],
    ]);
    expect(both[1]?.payload({ on: true }, 0)).toEqual({ state_l2: "ON" });
  });

  test("of a sensor becomes a sensor; a contact that is closed is not open", () => {
    const [sensor] = parts(
      [
        {
          type: "binary",
          name: "contact",
          property: "contact",
          access: 1,
          value_on: true,
          value_off: false,
        },
        number("temperature", 1),
        number("battery", 1),
      ],
      [],
    );

    expect(sensor?.capabilities).toMatchObject({
      kind: "sensor",
      senses: ["contact", "temperature", "battery"],
    });
    expect(sensor?.senses.map(({ value }) => value(true))).toEqual([false, undefined, undefined]);
    expect(sensor?.senses[1]?.value(21.5)).toBe(21.5);
  });

  test("of what only has a battery, or a button, is none of the home's", () => {
    expect(
      parts(
        [number("battery", 1), { type: "enum", name: "action", property: "action", access: 1 }],
        [],
      ),
    ).toEqual([]);
  });

  test("without a standard attribute and without a way to ask cannot be verified", () => {
    const [plug] = parts(
      [{ type: "switch", features: [{ ...state, access: 3 }] }],
      ["manuSpecificTuya"],
    );

    expect(plug?.capabilities.evidence).toBe("none");
  });

  test("with a /get alone is asked by it only where no wishes are published", () => {
    const [device] = parseHubDevices([
      {
        ieee_address: "0x1",
        network_address: 7,
        friendly_name: "tuya",
        interview_state: "SUCCESSFUL",
        definition: { exposes: [{ type: "switch", features: [state] }] },
        endpoints: { 1: { clusters: { input: ["manuSpecificTuya"] } } },
      },
    ]);
    if (device === undefined) throw new Error("no device");

    expect(partsOf(device, false)[0]?.capabilities.evidence).toBe("none");
    expect(partsOf(device, true)[0]?.capabilities.evidence).toBe("read");
    expect(isHeldBackByWishes(device)).toBe(true);
  });
});

describe("a device's own answer", () => {
  test("is read from the bytes of its frame; an attribute that it does not have is left out", () => {
    // 18 75 01: a response to a read. 0000 00 20 fe: level 254. 0011 86: no such attribute. 0012 00 29 34 08: 2100.
    const rows = rowsOf(
      Uint8Array.from([
        0x18, 0x75, 0x01, 0, 0, 0, 0x20, 0xfe, 0x11, 0, 0x86, 0x12, 0, 0, 0x29, 0x34, 0x08,
      ]),
    );

    expect([...(rows ?? [])]).toEqual([
      [0, 254],
      [18, 2100],
    ]);
  });

  test.each([
    ["a default response", [0x18, 0x75, 0x0b, 0, 0x81]],
    ["a frame that is cut off", [0x18, 0x75, 0x01, 0, 0, 0, 0x21, 1]],
    ["a type that is no number", [0x18, 0x75, 0x01, 0, 0, 0, 0x42, 1, 65]],
    ["nothing", []],
  ])("that is %s says nothing", (_what, bytes) => {
    expect(rowsOf(Uint8Array.from(bytes))).toBeUndefined();
  });
});

test.each([
  [0, 100],
  [30, 80],
  [120, 100],
  [240, 100],
  [300, 40],
  [359, 60],
])(
  "hue %d with saturation %d is found again in x and y as a lamp holds them",
  (hue, saturation) => {
    const { x, y } = xyOf(hue, saturation);

    const found = hueAndSaturationOf({
      x: Math.round(x * 65_536) / 65_536,
      y: Math.round(y * 65_536) / 65_536,
    });

    expect(Math.abs(found.hue - hue)).toBeLessThan(0.5);
    expect(Math.abs(found.saturation - saturation)).toBeLessThan(0.5);
  },
);

test.each([
  [
    "z2m: Publish 'set' 'state' to 'hall/lamp' failed: 'Error: Delivery failed for '4097'.'",
    { name: "hall/lamp", reason: "UNREACHABLE" },
  ],
  [
    "z2m: Publish 'set' 'occupied_heating_setpoint' to 'Bath' failed: 'Error: ZCL command 0x1/1 hvacThermostat.write failed (Status 'INVALID_VALUE')'",
    { name: "Bath", reason: "DEVICE_REFUSED" },
  ],
  [
    "z2m: No converter available for 'hue' on 'Bath': ({})",
    { name: "Bath", reason: "DEVICE_REFUSED" },
  ],
])("a line of Zigbee2MQTT's log tells what went wrong: %s", (message, expected) => {
  expect(failureIn({ level: "error", message })).toMatchObject(expected);
  expect(failureIn({ level: "info", message })).toBeUndefined();
});

test("the settings in the way are named, each with what to do", () => {
  const info = parseHubInfo(
    {
      version: "2.6.0",
      config: {
        advanced: { log_level: "warning", output: "attribute" },
        device_options: { debounce: 1 },
        devices: { "0x1": { throttle: 5, retain: true, disabled: true } },
      },
    },
    { actions: [] },
  );

  const devices = parseHubDevices([
    {
      ieee_address: "0x1",
      network_address: 7,
      friendly_name: "lamp",
      definition: { exposes: [{ type: "switch", features: [state] }] },
    },
  ]);

  const lines = settingsInTheWay(info, devices);

  expect(lines.map((line) => line.split(" ")[0])).toEqual([
    "Zigbee2MQTT",
    "availability",
    "advanced.log_level",
    "advanced.output",
    "device_options.debounce",
    "lamp:",
    "lamp:",
    "lamp:",
    "lamp:",
  ]);
  expect(lines.at(-3)).toBe(
    "lamp: what is published of it may be a wish, and not all of it can be asked for (NOT_VERIFIABLE). Set optimistic: false for it.",
  );
});

test("a name with a slash is a room and what is in it; groups are those it is a member of", () => {
  const groups = [
    { friendly_name: "downstairs", members: [{ ieee_address: "0x1", endpoint: 1 }] },
    { friendly_name: "upstairs", members: [] },
  ];

  expect(placeOf({ name: "living_room/coffee", ieee: "0x1" }, groups)).toEqual({
    name: "living_room/coffee",
    room: "Living room",
    groups: ["downstairs"],
  });
});
