/** The day of a moment in a zone, `2026-11-27`. */
export const dayIn = (zone: string, atMs: number): string => {
  // The Swedish write dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(atMs);
};

/** A moment in words: in the reader's zone, and in the home's where its clocks show something else then. */
export interface MomentInWords {
  readonly here: string;
  readonly home?: string;
}

/** How exactly a moment is told. */
export type Exactness = "minute" | "second";

export const momentInWords = (
  iso: string,
  zones: { readonly reader: string; readonly home: string | undefined },
  locale: string,
  exactness: Exactness,
): MomentInWords => {
  const atMs = Date.parse(iso);
  const inZone = (zone: string, withDay: boolean): string =>
    new Intl.DateTimeFormat(locale, {
      timeZone: zone,
      ...(withDay ? { weekday: "short", day: "numeric", month: "short" } : {}),
      hour: "2-digit",
      minute: "2-digit",
      ...(exactness === "second" ? { second: "2-digit" } : {}),
      hourCycle: "h23",
    }).format(atMs);
  const here = inZone(zones.reader, true);
  if (zones.home === undefined || inZone(zones.home, true) === here) return { here };
  const isSameDay = dayIn(zones.home, atMs) === dayIn(zones.reader, atMs);
  return { here, home: inZone(zones.home, !isSameDay) };
};

/** A length of time in the units' own signs, which every language writes alike: 40 ms, 1.4 s, 62 s, 3 min. */
export const durationInWords = (ms: number, locale: string): string => {
  const [value, unit, digits] =
    ms < 1_000
      ? ([ms, "ms", 0] as const)
      : ms < 120_000
        ? ([ms / 1_000, "s", ms < 10_000 ? 2 : ms < 60_000 ? 1 : 0] as const)
        : ([ms / 60_000, "min", 0] as const);
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
  return `${number}\u00a0${unit}`;
};
