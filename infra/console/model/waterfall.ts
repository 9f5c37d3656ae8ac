import type { DeviceInRun } from "./answers.ts";
import { type Tone, toneOf } from "./tone.ts";

/** Along what the bars are drawn: when it was, from the run's beginning; or how long each device took, from its own. */
export type Scale = "when" | "how_fast";

/** A stretch of the axis, in percent of its length. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface WaterfallRow {
  readonly device: DeviceInRun;
  readonly tone: Tone;
  /** How long it had. Absent for what was never asked. */
  readonly window?: Stretch;
  /** From asked to answered; to the window's end for one that never answered. */
  readonly bar?: Stretch;
  readonly hasAnswered: boolean;
  readonly isLate: boolean;
  /** From asked to answered. */
  readonly tookMs?: number;
}

export interface WaterfallStage {
  readonly name: string;
  readonly rows: readonly WaterfallRow[];
  /** Rows that are as asked. */
  readonly asAsked: number;
}

export interface Waterfall {
  readonly stages: readonly WaterfallStage[];
  readonly ticks: readonly { readonly at: number; readonly ms: number }[];
  readonly lengthMs: number;
}

const AS_ASKED: readonly string[] = ["confirmed", "already_there", "confirmed_late"];

// Below this nothing is told apart on a logarithmic axis: no radio answers faster.
const SHORTEST_MS = 10;

/** Which devices are worth seeing first: with the same stage, in the order of the answer. */
export const waterfall = (
  devices: readonly DeviceInRun[],
  requestedAt: string,
  scale: Scale,
): Waterfall => {
  const beginMs = Date.parse(requestedAt);
  const spans = devices.map((device) => spanOf(device, beginMs));
  const lengthMs = Math.max(1_000, ...spans.map((span) => endOf(span, scale)));
  const place = scale === "when" ? linear(lengthMs) : logarithmic(lengthMs);
  const stages = new Map<string, WaterfallRow[]>();
  for (const [at, device] of devices.entries()) {
    const rows = stages.get(device.stage) ?? [];
    rows.push(rowOf(device, spans[at], scale, place));
    stages.set(device.stage, rows);
  }
  return {
    lengthMs,
    ticks: ticksOf(lengthMs, scale).map((ms) => ({ at: place(ms), ms })),
    stages: [...stages].map(([name, rows]) => ({
      name,
      rows,
      asAsked: rows.filter((row) => AS_ASKED.includes(row.device.outcome)).length,
    })),
  };
};

/** Milliseconds after the run's beginning. */
interface Span {
  readonly askedMs: number;
  readonly answeredMs?: number;
  readonly windowMs: number;
}

const spanOf = (device: DeviceInRun, beginMs: number): Span | undefined => {
  const { asked_at, answered_at, window_seconds } = device;
  const answeredMs = answered_at === undefined ? undefined : Date.parse(answered_at) - beginMs;
  // Of a run that goes on, or was cut off, only the answers' own records tell when a device was asked.
  if (asked_at === undefined) return undefined;
  // Clocks of two machines: an answer may seem to come before its question.
  const askedMs = Math.max(0, Date.parse(asked_at) - beginMs);
  return {
    askedMs,
    windowMs: window_seconds * 1000,
    ...(answeredMs === undefined ? {} : { answeredMs: Math.max(askedMs, answeredMs) }),
  };
};

const endOf = (span: Span | undefined, scale: Scale): number => {
  if (span === undefined) return 0;
  const { askedMs, answeredMs = askedMs, windowMs } = span;
  // A window that is much longer than every answer would press the bars against the left edge.
  const end = answeredMs === askedMs ? askedMs + windowMs : answeredMs;
  return scale === "when" ? end : Math.max(windowMs, end - askedMs);
};

const linear =
  (lengthMs: number) =>
  (ms: number): number =>
    percent(ms / lengthMs);

const logarithmic =
  (lengthMs: number) =>
  (ms: number): number =>
    percent(Math.log(Math.max(SHORTEST_MS, ms) / SHORTEST_MS) / Math.log(lengthMs / SHORTEST_MS));

const percent = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * 1e4) / 100;

const rowOf = (
  device: DeviceInRun,
  span: Span | undefined,
  scale: Scale,
  place: (ms: number) => number,
): WaterfallRow => {
  const hasAnswered = device.answered_at !== undefined;
  const base = {
    device,
    tone: toneOf(device.outcome),
    hasAnswered,
    isLate: device.late === true,
  };
  if (span === undefined || device.outcome === "not_reached") return base;
  const { askedMs, answeredMs, windowMs } = span;
  const zero = scale === "when" ? askedMs : 0;
  const end = answeredMs === undefined ? zero + windowMs : zero + (answeredMs - askedMs);
  return {
    ...base,
    window: { from: place(zero), to: place(zero + windowMs) },
    bar: { from: place(zero), to: place(end) },
    ...(answeredMs === undefined ? {} : { tookMs: answeredMs - askedMs }),
  };
};

/** Round times along the axis, four to seven of them. */
const ticksOf = (lengthMs: number, scale: Scale): readonly number[] => {
  if (scale === "how_fast") {
    return [100, 1_000, 10_000, 100_000].filter((ms) => ms < lengthMs);
  }
  const step =
    [250, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000].find(
      (each) => lengthMs / each <= 6,
    ) ?? 60_000;
  return Array.from({ length: Math.ceil(lengthMs / step) }, (_, at) => at * step);
};
