import { parseHomeId } from "#domain/home/home-id.ts";
import type { HomePlace } from "#domain/home/home-place.ts";

/** Where the homes of these tests are: the home `home`, in the default stage. */
export const AT_HOME: HomePlace = { home: parseHomeId("home"), thingPrefix: "" };
