import type { Home } from "#domain/home/home.ts";
import { HomeError } from "#domain/home-error.ts";
import { requireUnattended } from "#domain/run/needs-approval.ts";
import { planScene } from "#domain/run/plan-scene.ts";
import type { Schedule } from "./schedule.ts";

/**
 * Why the next firing of a schedule will be refused, as the home is now: its scene is gone, or asks for something else
 * since the schedule was made. Nothing where it will not.
 */
export const whyNotUnattended = (
  { scene: id, except }: Pick<Schedule, "scene" | "except">,
  home: Home,
): string | undefined => {
  const scene = home.scenes.find((one) => one.id === id);
  if (scene === undefined) return `SceneUnknown: the home has no scene "${id}" any more.`;
  try {
    requireUnattended(scene, planScene(scene, home, except), home.devices);
    return undefined;
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    return `${error.code}: ${error.message.replace(" Nothing was changed.", "")}`;
  }
};
