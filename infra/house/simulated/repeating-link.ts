import type { DeviceLink } from "#house/contract/device-link.ts";

/** A link that sends each answer twice while it is told to. */
export const repeatingLink = (link: DeviceLink, isRepeating: () => boolean): DeviceLink => ({
  ...link,
  report: async (reported) => {
    const isTwice = isRepeating() && Object.hasOwn(reported, "command");
    await Promise.all([link.report(reported), ...(isTwice ? [link.report(reported)] : [])]);
  },
});
