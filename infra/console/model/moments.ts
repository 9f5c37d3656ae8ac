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
  language: string,
  exactness: Exactness,
): MomentInWords => {
  const atMs = Date.parse(iso);
  const here = inWords(atMs, zones.reader, language, exactness);
  if (zones.home === undefined) return { here };
  const home = inWords(atMs, zones.home, language, exactness);
  return here === home ? { here } : { here, home };
};

const inWords = (atMs: number, zone: string, language: string, exactness: Exactness): string =>
  new Intl.DateTimeFormat(language, {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    ...(exactness === "second" ? { second: "2-digit" } : {}),
    hourCycle: "h23",
  }).format(atMs);

/** A length of time as people read it: 40 ms, 1.4 s, 62 s, 3 min. */
export const durationInWords = (ms: number, language: string): string => {
  const [value, unit, digits] =
    ms < 1_000
      ? ([ms, "millisecond", 0] as const)
      : ms < 120_000
        ? ([ms / 1_000, "second", ms < 10_000 ? 2 : ms < 60_000 ? 1 : 0] as const)
        : ([ms / 60_000, "minute", 0] as const);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: digits,
  }).format(value);
};
