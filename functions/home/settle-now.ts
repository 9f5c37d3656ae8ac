import { getShadows } from "#adapters/device-shadows.ts";
import type { Home } from "#domain/home/home.ts";
import type { Position } from "#domain/home/home-meta.ts";
import type { Scene } from "#domain/home/scene.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import type { Facts } from "#domain/scene/settle/is-met.ts";
import {
  devicesAsked,
  isSunAsked,
  type SettledScene,
  settleScene,
} from "#domain/scene/settle/settle-scene.ts";

/**
 * A scene with its parameters filled in and its conditions judged by what devices report and what time it is now.
 * @throws HomeError `ParameterInvalid`
 */
export const settleNow = async (
  scene: Scene,
  home: Home,
  parameters: Readonly<Record<string, string>>,
): Promise<SettledScene> => {
  const reported = await reportsOf(devicesAsked(scene), home);
  const now = new Date();
  const sun = isSunAsked(scene) ? await sunAt(home.meta?.position, now.getTime()) : undefined;
  return settleScene(scene, parameters, factsOf(home.meta, reported, sun, now));
};

const reportsOf = async (ids: readonly string[], home: Home): Promise<Facts["reported"]> => {
  const asked = home.devices.filter(({ id }) => ids.includes(id));
  const shadows = await getShadows(asked.map(({ thing }) => thing));
  return Object.fromEntries(
    asked.flatMap(({ id, thing }): readonly (readonly [string, ReportedState])[] => {
      const reported = shadows.get(thing)?.view.reported;
      return reported === undefined ? [] : [[id, reported]];
    }),
  );
};

const factsOf = (
  meta: Home["meta"],
  reported: Facts["reported"],
  sun: Facts["sun"],
  now: Date,
): Facts => ({
  // Only for who asks: to make what writes it takes as long as to plan for ten devices.
  get timeOfDay() {
    return new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: meta?.timeZone ?? "UTC",
    }).format(now);
  },
  ...(sun === undefined ? {} : { sun }),
  ...(meta?.mode === undefined ? {} : { mode: meta.mode }),
  reported,
});

// Whatever comes next tells where it is: before a sunset it is up. The astronomy is loaded for a scene that asks.
const sunAt = async (
  position: Position | undefined,
  nowMs: number,
): Promise<Facts["sun"] | undefined> => {
  if (position === undefined) return undefined;
  const { sunEvents } = await import("#domain/schedule/times/sun.ts");
  const [rise] = sunEvents("sunrise", position, nowMs);
  const [set] = sunEvents("sunset", position, nowMs);
  if (rise === undefined || set === undefined) return undefined;
  return set < rise ? "up" : "down";
};
