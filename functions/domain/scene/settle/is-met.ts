import {
  isAsWanted,
  isDeviceKind,
  type ReportedState,
  type WantedState,
} from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";
import { type Condition, isBounds, type ReportedBounds } from "#domain/scene/condition.ts";

/** What conditions are judged by, at one moment. */
export interface Facts {
  /** Local, `HH:MM`. */
  readonly timeOfDay: string;
  /** Absent where nobody said where the home is. */
  readonly sun?: "up" | "down";
  /** Absent where the home has none. */
  readonly mode?: string;
  /** By device, what it reported last. */
  readonly reported: Readonly<Record<string, ReportedState>>;
}

/** Is a condition met? Undefined where that cannot be known. */
export const isMet = (condition: Condition, facts: Facts): boolean | undefined => {
  if ("all" in condition) {
    const parts = condition.all.map((one) => isMet(one, facts));
    if (parts.includes(false)) return false;
    return parts.includes(undefined) ? undefined : true;
  }
  if ("any" in condition) {
    const parts = condition.any.map((one) => isMet(one, facts));
    if (parts.includes(true)) return true;
    return parts.includes(undefined) ? undefined : false;
  }
  if ("not" in condition) {
    const part = isMet(condition.not, facts);
    return part === undefined ? undefined : !part;
  }
  if ("sun" in condition) return facts.sun === undefined ? undefined : facts.sun === condition.sun;
  if ("mode" in condition) {
    return facts.mode === undefined ? undefined : condition.mode.includes(facts.mode);
  }
  if ("after" in condition) {
    const { after, before } = condition;
    const { timeOfDay } = facts;
    // 22:00 to 06:00 goes over midnight, and so does any time until 00:00.
    return after < before
      ? timeOfDay >= after && timeOfDay < before
      : timeOfDay >= after || timeOfDay < before;
  }
  return isReported(condition.is, facts.reported[condition.device]);
};

const isReported = (
  is: ReportedBounds,
  reported: ReportedState | undefined,
): boolean | undefined => {
  const parts = Object.entries(is).flatMap(([key, values]) =>
    Object.entries(values).map(([field, value]): boolean | undefined => {
      const of = reported?.[key];
      const has = isObject(of) ? of[field] : undefined;
      if (has === undefined || has === null) return undefined;
      if (!isBounds(value)) {
        // A lamp that can only do 39 % is at 40 %.
        const wanted = { [key]: { [field]: value } } as unknown as WantedState;
        return isDeviceKind(key) ? isAsWanted(wanted, reported) : has === value;
      }
      if (typeof has !== "number") return undefined;
      return has > (value.above ?? -Infinity) && has < (value.below ?? Infinity);
    }),
  );
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
};

/** Why a condition is not met, in a few words: the first part of it that is not. */
export const sayUnmet = (condition: Condition, facts: Facts): string => {
  if ("all" in condition) {
    const part = condition.all.find((one) => isMet(one, facts) !== true);
    return part === undefined ? "not all of its conditions are met" : sayUnmet(part, facts);
  }
  if ("any" in condition) return condition.any.map((one) => sayUnmet(one, facts)).join(", and ");
  if ("not" in condition) return "what must not be is so, or is not known";
  if ("sun" in condition) {
    return facts.sun === undefined
      ? "nobody said where the home is, so the sun is not known"
      : `the sun is ${facts.sun}`;
  }
  if ("mode" in condition) {
    return facts.mode === undefined ? "the home has no mode" : `the home's mode is ${facts.mode}`;
  }
  if ("after" in condition) {
    // Without the time itself: what a plan says of it must not change from minute to minute.
    return `it is not ${condition.after} to ${condition.before}`;
  }
  const { device, is } = condition;
  return isReported(is, facts.reported[device]) === undefined
    ? `what ${device} reports is not known`
    : `${device} is not ${JSON.stringify(is)}`;
};
