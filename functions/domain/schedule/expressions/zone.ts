import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";

const DAY_MS = 86_400_000;

/** A moment at which a zone's clocks are set, and how far they are ahead of UTC before and after. */
interface ClockChange {
  readonly at: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

/**
 * The clocks of one zone, by the zone data of the runtime and never by the host's own zone. Wall times are numbers too:
 * milliseconds as if the zone were UTC.
 */
export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  // Asking Intl costs microseconds; a day's answer is kept. A process keeps its zone data for life, so it can't be stale.
  readonly #offsetAtMidnight = new Map<number, number>();
  readonly #changeOfDay = new Map<number, ClockChange>();

  private constructor(name: string, format: Intl.DateTimeFormat) {
    this.name = name;
    this.#format = format;
  }

  /** @throws HomeError `ZoneUnknown` */
  static named(name: string): Zone {
    const known = ZONES.get(name);
    if (known !== undefined) return known;
    const format = formatOf(name);
    if (format === undefined) {
      throw new HomeError(
        "ZoneUnknown",
        `There is no time zone ${shown(name)}. Use a name of the IANA list, such as Europe/Berlin or America/New_York.`,
      );
    }
    // Intl takes a name in any case: without a bound, spellings could fill the memory.
    if (ZONES.size >= MOST_ZONES) ZONES.clear();
    const zone = new Zone(name, format);
    ZONES.set(name, zone);
    return zone;
  }

  /** The wall time at an instant. */
  wallAt(instant: number): number {
    return instant + this.#offsetAt(instant);
  }

  /** The instant of a wall time, the first if it comes twice; `undefined` if the clocks leap over it. */
  instantOf(wallMs: number): number | undefined {
    const day = Math.floor(wallMs / DAY_MS);
    let first: number | undefined;
    // The instant lies within 15 hours of the wall time: one of these four offsets holds then.
    for (const near of [day - 1, day, day + 1, day + 2]) {
      const instant = wallMs - this.#atMidnight(near);
      if (this.wallAt(instant) === wallMs && (first === undefined || instant < first)) {
        first = instant;
      }
    }
    return first;
  }

  /** The first moment after the leap of the clocks over a wall time that does not exist. */
  endOfGap(wallMs: number): number {
    const day = Math.floor(wallMs / DAY_MS);
    for (const near of [day - 1, day, day + 1]) {
      const change = this.#changeOn(near);
      if (
        change !== undefined &&
        change.at + change.beforeMs <= wallMs &&
        wallMs < change.at + change.afterMs
      ) {
        return change.at;
      }
    }
    throw new RangeError(`${new Date(wallMs).toISOString()} exists in ${this.name}.`);
  }

  #offsetAt(instant: number): number {
    const day = Math.floor(instant / DAY_MS);
    const change = this.#changeOn(day);
    if (change === undefined) return this.#atMidnight(day);
    return instant < change.at ? change.beforeMs : change.afterMs;
  }

  // No zone sets its clocks twice within a week since 1970, so a day's two ends tell whether it did.
  #changeOn(day: number): ClockChange | undefined {
    const beforeMs = this.#atMidnight(day);
    const afterMs = this.#atMidnight(day + 1);
    if (beforeMs === afterMs) return undefined;
    const known = this.#changeOfDay.get(day);
    if (known !== undefined) return known;
    let [last, at] = [day * DAY_MS, (day + 1) * DAY_MS];
    while (at - last > 1000) {
      const middle = Math.floor((last + at) / 2000) * 1000;
      if (this.#askOffset(middle) === beforeMs) last = middle;
      else at = middle;
    }
    const change = { at, beforeMs, afterMs };
    this.#changeOfDay.set(day, change);
    return change;
  }

  #atMidnight(day: number): number {
    const known = this.#offsetAtMidnight.get(day);
    if (known !== undefined) return known;
    if (this.#offsetAtMidnight.size >= MOST_DAYS) {
      this.#offsetAtMidnight.clear();
      this.#changeOfDay.clear();
    }
    const offsetMs = this.#askOffset(day * DAY_MS);
    this.#offsetAtMidnight.set(day, offsetMs);
    return offsetMs;
  }

  #askOffset(instant: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(instant)) parts[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - instant;
  }
}

// Twenty years of days for each zone.
const MOST_DAYS = 7_500;

const MOST_ZONES = 1_000;

const ZONES = new Map<string, Zone>();

// Intl takes an offset such as +01:00 for a zone; AWS asks for a name of the IANA list, of 1 to 50 characters.
const formatOf = (name: string): Intl.DateTimeFormat | undefined => {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,49}$/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};
