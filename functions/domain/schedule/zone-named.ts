import { isTimeZone } from "#domain/home/home-meta.ts";
import { closestNames } from "#domain/home/names.ts";
import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";

// Intl takes offsets for zones too, and names in any case; EventBridge knows names alone, and these of up to 50 letters.
const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;
const LONGEST = 50;

/**
 * A time zone's name as the IANA list writes it.
 * @throws HomeError `ZoneUnknown` with the closest ones
 */
export const zoneNamed = (text: string): string => {
  if (isTimeZone(text) && NAME.test(text) && text.length <= LONGEST) {
    const listed = zones().find((zone) => zone.toLowerCase() === text.toLowerCase());
    // Old names such as Asia/Calcutta are not listed, and are as good.
    return listed ?? (/(^|\/)[a-z]/.test(text) ? resolved(text) : text);
  }
  const closest = closestNames(
    text,
    zones().map((id) => ({ id, name: id.slice(id.indexOf("/") + 1), aliases: [] })),
  );
  const offer =
    closest.length === 0
      ? "Use a name of the IANA list, such as Europe/Berlin."
      : `Closest: ${closest.join(", ")}.`;
  throw new HomeError(
    "ZoneUnknown",
    `There is no time zone ${shown(text)}. ${offer} Nothing was changed.`,
    { closest },
  );
};

const zones = (): readonly string[] => ["UTC", ...Intl.supportedValuesOf("timeZone")];

const resolved = (text: string): string =>
  new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
