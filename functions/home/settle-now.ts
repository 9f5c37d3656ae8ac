import { getShadows } from "#adapters/device-shadows.ts";
import type { Home } from "#domain/home/home.ts";
import type { Scene } from "#domain/home/scene.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import type { Facts } from "#domain/scene/settle/is-met.ts";
import { devicesAsked, type SettledScene, settleScene } from "#domain/scene/settle/settle-scene.ts";
import { sunEvents } from "#domain/schedule/times/sun.ts";

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
  return settleScene(scene, parameters, factsOf(home.meta, reported, new Date()));
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

const factsOf = (meta: Home["meta"], reported: Facts["reported"], now: Date): Facts => {
  const sun = meta?.position === undefined ? undefined : sunAt(meta.position, now.getTime());
  return {
    timeOfDay: new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: meta?.timeZone ?? "UTC",
    }).format(now),
    ...(sun === undefined ? {} : { sun }),
    ...(meta?.mode === undefined ? {} : { mode: meta.mode }),
    reported,
  };
};

// Whatever comes next tells where it is: before a sunset it is up.
const sunAt = (
  position: Parameters<typeof sunEvents>[1],
  nowMs: number,
): Facts["sun"] | undefined => {
  const [rise] = sunEvents("sunrise", position, nowMs);
  const [set] = sunEvents("sunset", position, nowMs);
  if (rise === undefined || set === undefined) return undefined;
  return set < rise ? "up" : "down";
};
