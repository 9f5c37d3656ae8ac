/** Partition key of the one home of a home table. */
export const HOME_KEY = "HOME";

/** Sort keys: `DEVICE#<id>` and `SCENE#<id>`. */
export const DEVICE_PREFIX = "DEVICE#";
export const SCENE_PREFIX = "SCENE#";
