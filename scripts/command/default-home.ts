import { type HomeId, parseHomeId } from "#domain/home/home-id.ts";

/** The home that the first start makes, and that a command means where nothing else is said. No function has one. */
export const DEFAULT_HOME: HomeId = parseHomeId("home");

/** The option that every command about one home takes. */
export const HOME_OPTION = { type: "string", default: DEFAULT_HOME } as const;
