import { type HomeId, isHomeId, parseHomeId } from "#domain/home/home-id.ts";
import { isTimeZone } from "#domain/home/home-meta.ts";
import { idOfName } from "#domain/home/id-of-name.ts";
import { shown } from "#domain/printable.ts";
import { Problem } from "../command/problem.ts";

/**
 * The id of a home that is to be made: the given one, or what its name makes.
 * @throws HomeError `HomeInvalid`; Problem for a name that makes none
 */
export const newHomeId = (name: string, id: string | undefined): HomeId => {
  if (id !== undefined) return parseHomeId(id);
  const made = idOfName(name);
  if (isHomeId(made)) return made;
  throw new Problem(
    `${shown(name)} makes no id of 1 to 24 characters that begins with a letter (it would be "${made}"). Give one: --id maple_street. Nothing was changed.`,
  );
};

/** @throws Problem for a name that is no time zone's */
export const parseTimeZone = (text: string): string => {
  if (isTimeZone(text)) return text;
  throw new Problem(
    `--time-zone must be an IANA name, such as Europe/Berlin, not ${shown(text)}. Nothing was changed.`,
  );
};
