import { counted } from "#domain/counted.ts";
import type { Conditions, Noticed } from "./condition-of.ts";
import { ageOf, type DeviceNow } from "./device-now.ts";

/** A device that was looked at. */
export interface Looked {
  readonly now: DeviceNow;
  readonly conditions: Conditions;
}

/** A device of which what was asked cannot be said for certain. */
export interface NotKnown {
  readonly device: string;
  readonly name: string;
  readonly why: string;
}

/** Is the device one of these, by its last report? */
export const isOneOf = ({ now, conditions }: Looked, words: readonly Noticed[]): boolean =>
  words.some((word) =>
    word === "offline" ? now.connection === "offline" : conditions.is.includes(word),
  );

/** Of devices that are none of the words by their last report: those that may be by now, or never said. */
export const notKnownAmong = (
  looked: readonly Looked[],
  words: readonly Noticed[],
): readonly NotKnown[] =>
  looked.flatMap((one) => {
    const { device, name, state, connection, offline_since: since } = one.now;
    if (isOneOf(one, words)) return [];
    if (one.conditions.unknown.some((word) => words.includes(word))) {
      return [{ device, name, why: "it has not reported it" }];
    }
    const mayBe = one.conditions.could.some((word) => words.includes(word));
    if (!mayBe || connection !== "offline") return [];
    const when = since === undefined ? "" : ` since ${since}`;
    return [{ device, name, why: `it is offline${when}; it last reported ${state}` }];
  });

const MOST_SAID = 8;
const WORDS = ["open", "on", "unlocked", "offline"] as const;

/** What was found of those that were looked for, safe to repeat word for word. */
export const sayOnly = (
  found: readonly Looked[],
  notKnown: readonly NotKnown[],
  words: readonly Noticed[],
): string => {
  const what = words.join(" or ");
  const rest =
    notKnown.length === 0
      ? ""
      : ` Not known for certain of ${listed(notKnown.map(({ name }) => name))}.`;
  if (found.length === 0) return `Nothing is ${what}, as far as devices reported.${rest}`;
  const said = WORDS.filter((word) => words.includes(word)).flatMap((word) => {
    const names = found.filter((one) => isOneOf(one, [word])).map(({ now }) => now.name);
    return names.length === 0 ? [] : [`${titled(word)}: ${listed(names)}.`];
  });
  return `${said.join(" ")}${rest}`;
};

/** What was found of devices that were named, or of all. */
export const sayAll = (looked: readonly Looked[]): string => {
  const [only, ...more] = looked;
  if (only !== undefined && more.length === 0) return sayOne(only);
  const said = WORDS.flatMap((word) => {
    const names = looked.filter((one) => isOneOf(one, [word])).map(({ now }) => now.name);
    return names.length === 0 ? [] : [`${titled(word)}: ${listed(names)}.`];
  });
  return `${counted(looked.length, "device")}. ${said.length === 0 ? "None is open, on, unlocked or offline." : said.join(" ")}`;
};

const sayOne = ({ now }: Looked): string => {
  const { name, state, connection, offline_since: since } = now;
  const age = ageOf(now);
  const ago = age === undefined ? "" : `, as it reported ${age} s ago`;
  const offline =
    connection === "offline"
      ? ` It is offline${since === undefined ? "" : ` since ${since}`}.`
      : "";
  return state === "not known"
    ? `${name} has not reported how it is.${offline}`
    : `${name}${now.kind === "sensor" ? ":" : " is"} ${state}${ago}.${offline}`;
};

const titled = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

const listed = (names: readonly string[]): string => {
  const more = names.length - MOST_SAID;
  return `${names.slice(0, MOST_SAID).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
};
