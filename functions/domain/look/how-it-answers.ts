import { counted } from "#domain/counted.ts";
import type { DeviceOutcome, Outcome } from "#domain/run/outcome.ts";

/** How well a device answers: of its last commands. */
export interface Answers {
  /** That were sent to it and that no other command took the place of. */
  readonly commands: number;
  /** In time, as asked. */
  readonly confirmed: number;
  /** 0 to 1, in hundredths. */
  readonly share_confirmed: number;
  readonly refused: number;
  readonly not_in_time: number;
  /** Seconds from the command to the answer: half are faster, and 19 of 20. */
  readonly p50_s?: number;
  readonly p95_s?: number;
  /** When the oldest of them was asked, ISO 8601. */
  readonly since?: string;
}

type Fared = Pick<DeviceOutcome, "outcome" | "askedAtMs" | "acknowledgedAtMs">;

// Of these nothing was asked of the device, or it had no chance to answer.
const NOT_ASKED: readonly Outcome[] = [
  "not_reached",
  "not_sent",
  "skipped_by_condition",
  "needs_approval",
  "superseded",
];

/** How a device answered the commands of some runs. */
export const answersOf = (outcomes: readonly Fared[]): Answers => {
  const asked = outcomes.filter(({ outcome }) => !NOT_ASKED.includes(outcome));
  const count = (...words: readonly Outcome[]): number =>
    asked.filter(({ outcome }) => words.includes(outcome)).length;
  const confirmed = count("confirmed", "already_there");
  const seconds = asked
    .flatMap(({ askedAtMs, acknowledgedAtMs }) =>
      askedAtMs === undefined || acknowledgedAtMs === undefined
        ? []
        : [Math.max(0, acknowledgedAtMs - askedAtMs) / 1000],
    )
    .toSorted((one, other) => one - other);
  const times = asked.flatMap(({ askedAtMs }) => (askedAtMs === undefined ? [] : [askedAtMs]));
  const p50 = nearestRank(seconds, 0.5);
  const p95 = nearestRank(seconds, 0.95);
  return {
    commands: asked.length,
    confirmed,
    share_confirmed: asked.length === 0 ? 0 : Math.floor((confirmed / asked.length) * 100) / 100,
    refused: count("refused", "did_not_stay"),
    not_in_time: count("timed_out", "offline", "confirmed_late"),
    ...(p50 === undefined ? {} : { p50_s: rounded(p50) }),
    ...(p95 === undefined ? {} : { p95_s: rounded(p95) }),
    ...(times.length === 0 ? {} : { since: new Date(Math.min(...times)).toISOString() }),
  };
};

/** The same in a sentence. */
export const sayAnswers = ({ commands, confirmed, p50_s, p95_s }: Answers): string => {
  if (commands === 0) return "It was asked nothing in the last 30 days.";
  const speed =
    p50_s === undefined || p95_s === undefined
      ? ""
      : `, half of its answers within ${p50_s} s and 95 % within ${p95_s} s`;
  return `It confirmed ${confirmed} of its last ${counted(commands, "command")}${speed}.`;
};

// https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method
const nearestRank = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.ceil(sorted.length * share) - 1];

const rounded = (seconds: number): number => Math.round(seconds * 100) / 100;
