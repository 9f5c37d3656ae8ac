// Since 29 the answer to set_value says what the device said of it; before, a supervised success and a frame that the
// radio took are both "success". (setValueOutgoingMessage, zwave-js-server src/lib/common.ts)
const OLDEST = 29;
// The newest whose changes have been looked at. (zwave-js-server 3.10.2, "Schema Version")
const NEWEST = 50;

/** The version of the protocol that both sides speak; undefined where there is none. */
export const commonSchema = (server: {
  readonly oldest: number;
  readonly newest: number;
}): number | undefined => {
  const newest = Math.min(NEWEST, server.newest);
  return newest < Math.max(OLDEST, server.oldest) ? undefined : newest;
};

/** What this bridge speaks, for a person. */
export const SCHEMAS = `${OLDEST} to ${NEWEST}`;
