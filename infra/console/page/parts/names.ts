import { home } from "../session/session.ts";

/** What a device is called now; its id for one that is no longer there. */
export const deviceName = (id: string): string =>
  home.value?.rooms.flatMap(({ devices }) => devices).find(({ device }) => device === id)?.name ??
  id;

/** Is the device still in the home? Undefined while nobody knows. */
export const isThere = (id: string): boolean | undefined =>
  home.value?.rooms.some(({ devices }) => devices.some(({ device }) => device === id));

/** What a scene is called now; its id for one that is no longer there. */
export const sceneName = (id: string): string =>
  home.value?.scenes.find(({ scene }) => scene === id)?.name ?? id;
