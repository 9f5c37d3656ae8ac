import { parseHomeId } from "./home-id.ts";
import { type ThingPrefix, thingOf } from "./home-place.ts";

/** The home that only the canary lives in, and what is in it: infra/house/canary-home.json. */
export const CANARY_HOME = parseHomeId("canary");
export const CANARY_SCENE = "canary";
const CANARY_LAMP = "lamp";

/** The thing of the canary's lamp, which nobody registers. */
export const canaryThing = (thingPrefix: ThingPrefix): string =>
  thingOf({ home: CANARY_HOME, thingPrefix }, CANARY_LAMP);
