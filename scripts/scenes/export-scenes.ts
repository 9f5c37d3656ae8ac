import { stringify } from "yaml";
import type { Home } from "#domain/home/home.ts";
import type { Value, Values } from "#domain/home/kinds/capability.ts";
import type { Scene } from "#domain/home/scene.ts";
import type { DeviceKind } from "#domain/home/vocabulary.ts";
import { KIND_OF_DOMAIN } from "#domain/scene/definition/find-devices.ts";
import type { EntityMap } from "./entity-map.ts";

/** The home's scenes as Home Assistant's scenes.yaml. Its scenes have no stages, rules or conditions: states only. */
export const exportScenes = (home: Home, map: EntityMap): string =>
  stringify(
    home.scenes.map((scene) => exported(scene, home, map)),
    // Quotes what YAML 1.1 would read as a boolean.
    { version: "1.1", aliasDuplicateObjects: false },
  );

const exported = (scene: Scene, home: Home, map: EntityMap): object => ({
  id: scene.id,
  name: scene.name,
  entities: Object.fromEntries(
    scene.stages.flatMap(({ devices }) =>
      Object.entries(devices).flatMap(([id, want]): readonly (readonly [string, object])[] => {
        const kind = home.devices.find((device) => device.id === id)?.kind;
        if (kind === undefined || kind === "sensor") return [];
        // A wanted state has one capability.
        const capabilities: readonly (readonly [string, Values])[] = Object.entries(want);
        return capabilities.map(
          ([, values]) => [entityOf(id, kind, map), stateOf(kind, values)] as const,
        );
      }),
    ),
  ),
});

const entityOf = (device: string, kind: DeviceKind, map: EntityMap): string => {
  const mapped = [...map].find(([, one]) => "to" in one && one.to === device);
  if (mapped !== undefined) return mapped[0];
  const domain = Object.keys(KIND_OF_DOMAIN).find((one) => KIND_OF_DOMAIN[one] === kind);
  return `${domain ?? kind}.${device}`;
};

const onOff = (on: Value | undefined): string => (on === false ? "off" : "on");
const share = (percent: Value | undefined, of: number): number | undefined =>
  typeof percent === "number" ? (percent / 100) * of : undefined;

const stateOf = (kind: DeviceKind, values: Values): object => {
  const state = STATES[kind](values);
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
};

const STATES: Readonly<Record<DeviceKind, (values: Values) => Readonly<Record<string, unknown>>>> =
  {
    light: ({ on, brightness, colorTempK, hue, saturation, effect }) => ({
      state: onOff(on),
      brightness: brightness === undefined ? undefined : Math.round(share(brightness, 255) ?? 0),
      ...(colorTempK === undefined
        ? {}
        : { color_mode: "color_temp", color_temp_kelvin: colorTempK }),
      ...(hue === undefined ? {} : { color_mode: "hs", hs_color: [hue, saturation ?? 100] }),
      effect,
    }),
    plug: ({ on }) => ({ state: onOff(on) }),
    lock: ({ locked }) => ({ state: locked === true ? "locked" : "unlocked" }),
    cover: ({ position, tilt }) => ({
      state: position === undefined ? undefined : position === 0 ? "closed" : "open",
      current_position: position,
      current_tilt_position: tilt,
    }),
    climate: ({ mode, targetC }) => ({ state: mode, temperature: targetC }),
    media: ({ playback, volume, source }) => ({
      state: playback,
      volume_level: share(volume, 1),
      source,
    }),
    alarm: ({ mode }) => ({ state: mode }),
    fan: ({ on, speed, oscillating }) => ({ state: onOff(on), percentage: speed, oscillating }),
    humidifier: ({ on, targetHumidity }) => ({ state: onOff(on), humidity: targetHumidity }),
    vacuum: ({ activity }) => ({ state: activity }),
  };
