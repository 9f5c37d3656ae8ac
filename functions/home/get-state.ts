import { getShadows } from "#adapters/device-shadows.ts";
import { readHome } from "#adapters/home-table.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { counted } from "#domain/counted.ts";
import { resolveDevices } from "#domain/home/targets.ts";
import { deviceNow } from "#domain/look/device-now.ts";
import { isOneOf, notKnownAmong, sayAll, sayOnly } from "#domain/look/say-home-now.ts";
import { inHome } from "#domain/run/run-result.ts";
import type { ToolCall } from "#domain/tools/tools.ts";
import { homeNameIn } from "./call/home-name.ts";

// What a model can read at once; of a larger home it asks room by room.
const MOST_LISTED = 100;

/**
 * What devices are, by their own last reports, each value with its age: of those that are named, or of the whole home,
 * and where that is asked only what is open, on, unlocked or offline. What may be so and is not known is told apart.
 * @throws HomeError `DeviceUnknown`, `NameAmbiguous`
 */
export const getState = async (
  homeTableName: string,
  access: HomeAccess,
  { devices: names, only }: ToolCall<"get_state">,
): Promise<unknown> => {
  const home = await readHome(homeTableName, access);
  const ids =
    names.length === 0
      ? home.devices.map(({ id }) => id)
      : resolveDevices(names, home, 'Call get_state again with one of these names in "devices".', {
          forgives: true,
        });
  const asked = home.devices.filter(({ id }) => ids.includes(id));
  const shadows = await getShadows(asked.map(({ thing }) => thing));
  const nowMs = Date.now();
  const looked = asked.map((device) => deviceNow(device, shadows.get(device.thing), nowMs));
  const found = only.length === 0 ? looked : looked.filter((one) => isOneOf(one, only));
  const notKnown = only.length === 0 ? [] : notKnownAmong(looked, only);
  const about = homeNameIn(access);
  const left = found.length - MOST_LISTED;
  return {
    ...(about.homeName === undefined ? {} : { home: home.place.home }),
    say: inHome(about, only.length === 0 ? sayAll(found) : sayOnly(found, notKnown, only)),
    as_of: new Date(nowMs).toISOString(),
    devices: found.slice(0, MOST_LISTED).map(({ now }) => now),
    ...(notKnown.length === 0 ? {} : { not_known: notKnown.slice(0, MOST_LISTED) }),
    ...(left <= 0
      ? {}
      : { not_listed: `${counted(left, "more device")}. Name rooms or floors in "devices".` }),
  };
};
