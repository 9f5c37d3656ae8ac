import type { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";

/** What becomes of a device that another run, or somebody's hand, wants as well while the run is going on. */
export const ON_CONFLICT = ["supersede", "reject", "queue", "yield_to_manual"] as const;
export type OnConflict = (typeof ON_CONFLICT)[number];

/** What becomes of the confirmed devices when others are not as asked. */
export const ON_PARTIAL = ["keep", "undo"] as const;
export type OnPartial = (typeof ON_PARTIAL)[number];

/** How often a command is sent while its device stays silent: as its kind has it, or so many times in all. */
export type Retry = "class_default" | { readonly tries: number };

/** How a run of a scene behaves when not everything goes as asked. */
export interface SceneRules {
  readonly onConflict: OnConflict;
  readonly onPartial: OnPartial;
  readonly retry: Retry;
  /** How long after its sending a device may still obey; absent, and at most, its window and the room for clocks. */
  readonly expiresSeconds?: number;
  /** How long after its confirmation a device must stay as asked; 0 does not look again. */
  readonly holdSeconds: number;
}

/** What holds for a scene that says nothing. */
export const DEFAULT_RULES: SceneRules = {
  onConflict: "supersede",
  onPartial: "keep",
  retry: "class_default",
  holdSeconds: 0,
};

export const MAX_TRIES = 5;
/** Windows, hold and retries share the five minutes that an Express workflow has. */
export const MAX_HOLD_SECONDS = 120;
export const MAX_EXPIRES_SECONDS = 240;

const MEMBERS = ["onConflict", "onPartial", "retry", "expiresSeconds", "holdSeconds"];

/**
 * Reads the rules of a record; what they do not say is as it is by default.
 * @throws the error that `wrong` makes, naming the member
 */
export const parseSceneRules = (value: unknown, wrong: (what: string) => HomeError): SceneRules => {
  if (!isObject(value)) throw wrong("rules must be an object.");
  const stranger = Object.keys(value).find((member) => !MEMBERS.includes(member));
  if (stranger !== undefined) {
    throw wrong(`rules have no member ${shown(stranger)}; they have ${MEMBERS.join(", ")}.`);
  }
  const { expiresSeconds, holdSeconds = DEFAULT_RULES.holdSeconds } = value;
  if (!isUpTo(holdSeconds, MAX_HOLD_SECONDS)) {
    throw wrong(`rules: holdSeconds must be 0-${MAX_HOLD_SECONDS}.`);
  }
  if (expiresSeconds !== undefined) {
    if (!isUpTo(expiresSeconds, MAX_EXPIRES_SECONDS) || expiresSeconds === 0) {
      throw wrong(`rules: expiresSeconds must be above 0 and up to ${MAX_EXPIRES_SECONDS}.`);
    }
  }
  return {
    onConflict: oneOf("onConflict", ON_CONFLICT, DEFAULT_RULES.onConflict, value.onConflict, wrong),
    onPartial: oneOf("onPartial", ON_PARTIAL, DEFAULT_RULES.onPartial, value.onPartial, wrong),
    retry: parseRetry(value.retry, wrong),
    ...(expiresSeconds === undefined ? {} : { expiresSeconds }),
    holdSeconds,
  };
};

/** Do these rules say nothing but what holds anyway? */
export const isDefault = ({ onConflict, onPartial, retry, ...rest }: SceneRules): boolean =>
  onConflict === DEFAULT_RULES.onConflict &&
  onPartial === DEFAULT_RULES.onPartial &&
  retry === DEFAULT_RULES.retry &&
  rest.expiresSeconds === undefined &&
  rest.holdSeconds === DEFAULT_RULES.holdSeconds;

const oneOf = <Word extends string>(
  member: "onConflict" | "onPartial",
  words: readonly Word[],
  otherwise: Word,
  value: unknown,
  wrong: (what: string) => HomeError,
): Word => {
  const word = value === undefined ? otherwise : words.find((one) => one === value);
  if (word !== undefined) return word;
  throw wrong(`rules: ${member} must be one of ${words.join(", ")}; got ${shown(value)}.`);
};

const parseRetry = (value: unknown, wrong: (what: string) => HomeError): Retry => {
  if (value === undefined || value === "class_default") return "class_default";
  if (isObject(value) && Object.keys(value).length === 1) {
    const { tries } = value;
    if (isUpTo(tries, MAX_TRIES) && Number.isInteger(tries) && tries > 0) return { tries };
  }
  throw wrong(
    `rules: retry must be class_default, or tries of 1-${MAX_TRIES} such as {"tries":3}; got ${shown(value)}.`,
  );
};

const isUpTo = (value: unknown, most: number): value is number =>
  typeof value === "number" && value >= 0 && value <= most;
