import type { CommandableDevice } from "#domain/home/device.ts";
import { type HomePlace, thingOf } from "#domain/home/home-place.ts";

/** So many lights, `light_1` and on, all in one room: a house of any size for measurements. */
export const generatedLights = (place: HomePlace, count: number): readonly CommandableDevice[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `light_${index + 1}`,
    name: `Light ${index + 1}`,
    aliases: [],
    kind: "light",
    room: "Hall",
    thing: thingOf(place, `light_${index + 1}`),
  }));
