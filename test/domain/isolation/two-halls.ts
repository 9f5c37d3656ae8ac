import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import type { HomePlace } from "#domain/home/home-place.ts";
import type { Plan } from "#domain/run/plan.ts";
import { planScene } from "#domain/run/plan-scene.ts";
import { HALL } from "../../support/hall.ts";

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
