import { eitherOr, numbers, type Scale, wordForWord } from "#bridges/core/scale.ts";
import type { Value } from "#domain/home/kinds/capability.ts";
import type { DeviceKind } from "#domain/home/vocabulary.ts";
import type { Expose, HubDevice } from "./hub-device.ts";
import type { ZigbeeField } from "./part.ts";
import * as attributes from "./standard-attributes.ts";

/** The kind of the home for what Zigbee2MQTT exposes as a whole. */
export const KIND_OF_EXPOSE: Readonly<Record<string, DeviceKind>> = {
  light: "light",
  switch: "plug",
  lock: "lock",
  cover: "cover",
  climate: "climate",
  fan: "fan",
};

const SETTABLE = 2;
const GETTABLE = 4;

/** The fields of an exposed whole that can be asked for. What the home has no word for is left out. */
export const fieldsOf = (device: HubDevice, whole: Expose): readonly ZigbeeField[] =>
  whole.features.flatMap((feature) => {
    const map = MAPS[`${whole.type}.${feature.name ?? ""}`];
    if (map === undefined || feature.property === undefined) return [];
    const { property } = feature;
    // What a composite such as a colour can do, its parts say.
    const access = feature.features.reduce((all, { access: more }) => all | more, feature.access);
    if ((access & SETTABLE) === 0) return [];
    return map(feature).map(({ field, scale, standard, mayBeInverted }) => {
      const endpoint =
        standard === undefined
          ? undefined
          : endpointWith(device, standard.cluster, feature.endpoint);
      return {
        field,
        scale,
        property,
        ...(standard === undefined || endpoint === undefined
          ? {}
          : { read: { endpoint, standard } }),
        ...(mayBeInverted === undefined ? {} : { mayBeInverted }),
        canGet: (access & GETTABLE) !== 0,
      };
    });
  });

const endpointWith = (
  { endpoints }: HubDevice,
  cluster: string,
  name: string | undefined,
): number | undefined =>
  endpoints.find(
    (one) =>
      one.clusters.includes(cluster) &&
      (name === undefined || one.name === name || String(one.id) === name.replace(/^l/, "")),
  )?.id;

interface Mapped {
  readonly field: string;
  readonly scale: Scale;
  readonly standard?: attributes.StandardRead;
  readonly mayBeInverted?: true;
}

const onOff = ({ valueOn = "ON", valueOff = "OFF" }: Expose): readonly Mapped[] => [
  { field: "on", scale: eitherOr(valueOn, valueOff), standard: attributes.ON_OFF },
];

const brightness = ({ most = 254 }: Expose): readonly Mapped[] => [
  {
    field: "brightness",
    scale: numbers({
      least: 1,
      most: 100,
      unit: "%",
      toDevice: (percent) => Math.max(1, Math.round((percent / 100) * most)),
      toHome: (level) => Math.round((level / most) * 100),
      slack: 1,
    }),
    standard: attributes.LEVEL,
  },
];

const MIRED = 1_000_000;

const colorTemperature = ({ least = 153, most = 500 }: Expose): readonly Mapped[] => {
  const [warmest, coolest] = [Math.round(MIRED / most), Math.round(MIRED / least)];
  return [
    {
      field: "colorTempK",
      scale: {
        // A whole mired beyond the end is the end: 2,200 K are 455 of them, and the warmest of many lamps is 454.
        toDevice: (kelvin) => {
          const mireds = typeof kelvin === "number" ? Math.round(MIRED / kelvin) : Number.NaN;
          return mireds >= least - 1 && mireds <= most + 1
            ? Math.min(most, Math.max(least, mireds))
            : undefined;
        },
        toHome: (mireds) => (typeof mireds === "number" ? Math.round(MIRED / mireds) : undefined),
        slack: 1.5,
        range: `${warmest}-${coolest} K`,
      },
      standard: attributes.COLOR_TEMPERATURE,
    },
  ];
};

const same = (number: number): number => number;
const rounded = (number: number): number => Math.round(number * 10) / 10;

const color =
  (hue: attributes.StandardRead, saturation: attributes.StandardRead) => (): readonly Mapped[] => [
    {
      field: "hue",
      scale: numbers({
        least: 0,
        most: 360,
        unit: "degrees",
        toDevice: same,
        toHome: rounded,
        slack: 2,
        circle: 360,
      }),
      standard: hue,
    },
    {
      field: "saturation",
      scale: numbers({
        least: 0,
        most: 100,
        unit: "%",
        toDevice: same,
        toHome: rounded,
        slack: 2,
      }),
      standard: saturation,
    },
  ];

const locked = ({ valueOn = "LOCK", valueOff = "UNLOCK" }: Expose): readonly Mapped[] => [
  { field: "locked", scale: eitherOr(valueOn, valueOff), standard: attributes.LOCK_STATE },
];

const opening = (field: string, standard: attributes.StandardRead) => (): readonly Mapped[] => [
  {
    field,
    scale: numbers({
      least: 0,
      most: 100,
      unit: "%",
      toDevice: same,
      toHome: Math.round,
      slack: 1,
    }),
    standard,
    mayBeInverted: true,
  },
];

const target =
  (standard?: attributes.StandardRead) =>
  ({ least = 5, most = 35, step = 0.5 }: Expose): readonly Mapped[] => [
    {
      field: "targetC",
      scale: numbers({
        least,
        most,
        unit: "°C",
        toDevice: (celsius) => Math.round(celsius / step) * step,
        toHome: same,
        slack: 0.05,
        step,
      }),
      ...(standard === undefined ? {} : { standard }),
    },
  ];

const CLIMATE_MODES = ["off", "heat", "cool", "auto"];

const mode = ({ words }: Expose): readonly Mapped[] => [
  {
    field: "mode",
    scale: wordForWord(
      Object.fromEntries(
        CLIMATE_MODES.filter((word) => words.includes(word)).map((word) => [word, word]),
      ),
    ),
    standard: attributes.SYSTEM_MODE,
  },
];

const SPEEDS: Readonly<Record<string, number>> = { low: 33, medium: 66, high: 100 };

const fanMode = ({ words }: Expose): readonly Mapped[] => {
  const speeds = Object.entries(SPEEDS).filter(([word]) => words.includes(word));
  if (speeds.length === 0 || !words.includes("off")) return [];
  const [least] = speeds[0] ?? [];
  const nearest = (percent: Value): string | undefined =>
    typeof percent !== "number" || percent <= 0
      ? undefined
      : speeds.toSorted(
          ([, one], [, other]) => Math.abs(one - percent) - Math.abs(other - percent),
        )[0]?.[0];
  return [
    {
      field: "on",
      scale: {
        toDevice: (on) => (on === false ? "off" : on === true ? least : undefined),
        toHome: (word) => word !== "off",
        slack: 0,
        range: "yes or no",
      },
      standard: attributes.FAN_MODE,
    },
    {
      field: "speed",
      scale: {
        toDevice: nearest,
        toHome: (word) => SPEEDS[String(word)],
        slack: 0,
        range: speeds.map(([, percent]) => `${percent} %`).join(", "),
        step: 33,
      },
      standard: attributes.FAN_MODE,
    },
  ];
};

const MAPS: Readonly<Record<string, (feature: Expose) => readonly Mapped[]>> = {
  "light.state": onOff,
  "light.brightness": brightness,
  "light.color_temp": colorTemperature,
  "light.color_xy": color(attributes.HUE, attributes.SATURATION),
  "light.color_hs": color(attributes.PLAIN_HUE, attributes.PLAIN_SATURATION),
  "switch.state": onOff,
  "lock.state": locked,
  "cover.position": opening("position", attributes.LIFT),
  "cover.tilt": opening("tilt", attributes.TILT),
  "climate.occupied_heating_setpoint": target(attributes.HEATING_SETPOINT),
  "climate.current_heating_setpoint": target(),
  "climate.system_mode": mode,
  "fan.mode": fanMode,
};
