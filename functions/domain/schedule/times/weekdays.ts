/** The days of the week as people order them. */
const DAYS = [
  { word: "mon", name: "Monday", ofCron: "MON", number: 2 },
  { word: "tue", name: "Tuesday", ofCron: "TUE", number: 3 },
  { word: "wed", name: "Wednesday", ofCron: "WED", number: 4 },
  { word: "thu", name: "Thursday", ofCron: "THU", number: 5 },
  { word: "fri", name: "Friday", ofCron: "FRI", number: 6 },
  { word: "sat", name: "Saturday", ofCron: "SAT", number: 7 },
  { word: "sun", name: "Sunday", ofCron: "SUN", number: 1 },
] as const;

type Day = (typeof DAYS)[number];

/** A day of the week as cron counts: 1 is Sunday, 7 Saturday. */
export type Weekday = Day["number"];

export const EVERY_WEEKDAY: readonly Weekday[] = DAYS.map(({ number }) => number);

/**
 * Reads `mon,wed..fri`: a list of days and of ranges, which may run over the week's end. In the order of the week, Monday
 * first; `undefined` when a part is no day.
 */
export const parseWeekdays = (text: string): readonly Weekday[] | undefined => {
  const found = new Set<Day>();
  for (const part of text.split(",")) {
    const [first = "", last = first, ...more] = part.trim().split("..");
    const from = DAYS.findIndex(({ word }) => word === first.trim());
    const to = DAYS.findIndex(({ word }) => word === last.trim());
    if (from === -1 || to === -1 || more.length > 0) return undefined;
    const count = ((to - from + DAYS.length) % DAYS.length) + 1;
    for (const day of [...DAYS, ...DAYS].slice(from, from + count)) found.add(day);
  }
  return DAYS.filter((day) => found.has(day)).map(({ number }) => number);
};

/** The weekday of a wall time. */
export const weekdayOf = (wallMs: number): Weekday => {
  const number = new Date(wallMs).getUTCDay() + 1;
  const day = DAYS.find((each) => each.number === number);
  if (day === undefined) throw new RangeError(`${wallMs} is on no day of the week.`);
  return day.number;
};

export const weekdayName = (weekday: Weekday): string => dayOf(weekday).name;

/** The days as a cron expression names them: `MON,TUE`. */
export const cronWeekdays = (weekdays: readonly Weekday[]): string =>
  weekdays.map((weekday) => dayOf(weekday).ofCron).join(",");

/** The days as people name them: `Monday to Friday`, `Friday to Monday`, `Tuesday and Saturday`. */
export const weekdaysInWords = (weekdays: readonly Weekday[]): string => {
  if (weekdays.length === DAYS.length) return "every day";
  const runs = runsOf(DAYS.map((day) => weekdays.includes(day.number)));
  const words = runs.flatMap(({ from, count }) => {
    const days = [...DAYS, ...DAYS].slice(from, from + count).map(({ name }) => name);
    return count < 3 ? days : [`${days[0]} to ${days.at(-1)}`];
  });
  return inWords(words);
};

/** `a`, `a and b`, `a, b and c`. */
export const inWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

// Days that follow each other, the week taken as a ring: Friday to Monday is one run, not two.
const runsOf = (
  isIn: readonly boolean[],
): readonly { readonly from: number; readonly count: number }[] =>
  isIn.flatMap((is, from) => {
    if (!is || isIn.at(from - 1) === true) return [];
    const rest = [...isIn, ...isIn].slice(from).indexOf(false);
    return [{ from, count: rest }];
  });

const dayOf = (weekday: Weekday): Day => {
  const day = DAYS.find(({ number }) => number === weekday);
  if (day === undefined) throw new RangeError(`${weekday} is no day of the week.`);
  return day;
};
