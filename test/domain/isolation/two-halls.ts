import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import type { HomePlace } from "#domain/home/home-place.ts";
import type { Plan } from "#domain/run/plan.ts";
import { planScene } from "#domain/run/plan-scene.ts";

/** A hall as every home of these tests has it: word for word the same devices and the same scene. */
export const HALL = {
  devices: [
    { id: "front_door", name: "Front door", kind: "lock", room: "Hall" },
    { id: "hall_lamp", name: "Hall lamp", kind: "light", room: "Hall" },
  ],
  scenes: [
    {
      id: "goodnight",
      name: "Goodnight",
      aliases: ["bed time"],
      version: 1,
      stages: [
        {
          name: "close and lock",
          devices: { front_door: { lock: { locked: true } }, hall_lamp: { light: { on: false } } },
          required: ["front_door"],
        },
      ],
    },
  ],
} as const;

/** Where a home of the default stage is. */
export const placeOf = (home: string): HomePlace => ({
  home: parseHomeId(home),
  thingPrefix: "",
});

/** The plan of goodnight in the hall of a home. */
export const goodnightOf = (home: string): Plan => {
  const hall = parseHome(HALL, placeOf(home));
  const [goodnight] = hall.scenes;
  if (goodnight === undefined) throw new Error("the hall has no scene");
  return planScene(goodnight, hall, []);
};
