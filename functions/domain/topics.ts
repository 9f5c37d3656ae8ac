// Reserved topics of a classic device shadow, https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html#reserved-topics-shadow
const shadow = (thing: string): string => `$aws/things/${thing}/shadow`;

/** Where a device or a backend sends a shadow update. */
export const shadowUpdateTopic = (thing: string): string => `${shadow(thing)}/update`;

/** Where the shadow service tells a device what differs between desired and reported. */
export const shadowDeltaTopic = (thing: string): string => `${shadow(thing)}/update/delta`;

/** Where an accepted, or a refused, update of a device is answered. */
export const shadowUpdateAcceptedTopic = (thing: string): string =>
  `${shadow(thing)}/update/accepted`;
export const shadowUpdateRejectedTopic = (thing: string): string =>
  `${shadow(thing)}/update/rejected`;

/** Where a device asks for its shadow, and where the answers come. */
export const shadowGetTopic = (thing: string): string => `${shadow(thing)}/get`;
export const shadowGetAcceptedTopic = (thing: string): string => `${shadow(thing)}/get/accepted`;
export const shadowGetRejectedTopic = (thing: string): string => `${shadow(thing)}/get/rejected`;
export const shadowGetAnswersFilter = (thing: string): string => `${shadow(thing)}/get/+`;

/**
 * Where a device's last will goes: shadows ignore a will on a reserved topic, so a rule republishes this one as a
 * shadow update (https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-comms-app.html).
 */
export const lastWillTopic = (thing: string): string => `smarthome/${thing}/last-will`;
