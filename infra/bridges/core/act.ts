import { setTimeout as pause } from "node:timers/promises";
import type { DeviceKind } from "#domain/home/vocabulary.ts";
import type { Answer } from "#house/contract/answer.ts";
import type { DeviceValues } from "#house/contract/device-values.ts";
import type { Asked, Bridge, Capabilities, FailureReason, ReadAnswer } from "./bridge.ts";
import { beyondIt, holds, reportable } from "./held-values.ts";
import { isGradual, patienceWith } from "./patience.ts";

/** One command to one device. */
export interface Act {
  readonly bridge: Pick<Bridge, "set" | "read">;
  readonly address: string;
  readonly kind: DeviceKind;
  readonly capabilities: Capabilities;
  readonly asked: Asked;
  readonly transitionSeconds: number;
  /** Until when an answer is useful, and after which nothing is begun, epoch milliseconds. */
  readonly answerByMs: number;
  readonly expiresAtMs: number;
  readonly isOver: AbortSignal;
  /** How the device was last said to be. */
  readonly said: DeviceValues;
  /** It was found to be otherwise than it was said to be, before anything was done. */
  onFound(values: DeviceValues): Promise<void>;
  /** Resolves when the device moves by itself: reason to look at once. */
  bell(isOver: AbortSignal): Promise<void>;
}

type Held = Extract<ReadAnswer, { said: "values" }>;

// An answer that is given in the last moment must still arrive, and be recorded: a tenth of the time, within these.
const LAST_MOMENT_MS = { least: 250, most: 1000 };
// A blind that has not moved for this long after it was told does not move.
const STANDSTILL_MS = 8000;
// A bolt on its way is neither locked nor unlocked, and no jam.
const JAM_MS = 2000;

/**
 * Reads, tells, reads until the device is as asked or nobody waits for it any more, and answers. Only what the device
 * itself says after it was told is taken for done.
 */
export const act = async (options: Act): Promise<Answer> => {
  const { capabilities, asked, kind, said } = options;
  const beyond = beyondIt(capabilities, asked);
  if (beyond !== undefined) {
    return { status: "FAILED", reason: "INVALID_STATE", values: said, detail: beyond };
  }
  // A late start is worth as much time as the command has left.
  const nowMs = Date.now();
  const isLate = nowMs > options.answerByMs - LAST_MOMENT_MS.least * 2;
  const endMs = isLate ? options.expiresAtMs : options.answerByMs;
  const { least, most } = LAST_MOMENT_MS;
  const untilMs = endMs - Math.min(most, Math.max(least, (endMs - nowMs) / 10));
  const before = await lookBefore(options, untilMs);
  if (before !== undefined && before.said === "nothing") {
    return { status: "REJECTED", reason: before.reason, values: said, detail: before.detail };
  }
  if (before !== undefined) {
    const found = reportable(kind, capabilities, before, said);
    await options.onFound(found);
    if (holds(capabilities, asked, before) && before.isMoving !== true && !isGradual(asked)) {
      return success(options, before);
    }
  }
  if (Date.now() > options.expiresAtMs) {
    return { status: "REJECTED", reason: "EXPIRED", values: said };
  }
  return tellAndLook(options, before, untilMs);
};

/** How it is before it is told anything: asleep or away, it is told nothing that it could do later. */
const lookBefore = async (options: Act, untilMs: number): Promise<ReadAnswer | undefined> => {
  const { evidence, isSleepy } = options.capabilities;
  if (evidence === "read" || evidence === "own word") return look(options, untilMs);
  if (!isSleepy) return undefined;
  return {
    said: "nothing",
    reason: "NOT_VERIFIABLE",
    detail: "it sleeps, and cannot be asked whether it listens",
  };
};

const success = ({ kind, capabilities, asked, said }: Act, held: Held): Answer => ({
  status: "SUCCEEDED",
  reason: null,
  values: reportable(kind, capabilities, held, asked, said),
});

const tellAndLook = async (
  options: Act,
  before: Held | undefined,
  untilMs: number,
): Promise<Answer> => {
  const { bridge, address, kind, capabilities, asked, transitionSeconds, isOver, said } = options;
  const telling = bridge.set(address, asked, { transitionSeconds, isOver });
  const told = await beforeTime(telling, untilMs, isOver);
  if (told?.said === "done") {
    return { status: "SUCCEEDED", reason: null, values: { ...known(options, before), ...asked } };
  }
  const failure = told?.said === "failed" ? told : undefined;
  if (capabilities.evidence === "none") {
    return {
      status: "FAILED",
      reason: failure?.reason ?? "NOT_VERIFIABLE",
      values: said,
      detail: failure?.detail ?? "it was told, and cannot say whether it did it",
    };
  }

  const beganMs = Date.now();
  const patience = patienceWith(kind, asked, transitionSeconds);
  let waitMs = patience.firstLookMs;
  let nextMs = patience.secondLookMs;
  let last: ReadAnswer | undefined;
  let lastHeld = before;
  let jammedSinceMs: number | undefined;
  // A failure that was told is judged by one look.
  if (failure !== undefined) waitMs = 0;
  while (true) {
    await bellOrTime(options, Math.min(waitMs, Math.max(0, untilMs - Date.now())));
    last = await look(options, untilMs);
    const nowMs = Date.now();
    if (last.said === "values") {
      if (holds(capabilities, asked, last) && last.isMoving !== true) return success(options, last);
      if (last.refusal !== undefined) {
        return failed(options, last, "DEVICE_REFUSED", last.refusal);
      }
      const hasMoved = lastHeld === undefined || !isSame(lastHeld, last);
      lastHeld = last;
      jammedSinceMs = last.isJammed === true ? (jammedSinceMs ?? nowMs) : undefined;
      const isStuck =
        kind === "cover" &&
        before !== undefined &&
        !hasMoved &&
        isSame(before, last) &&
        nowMs - beganMs > STANDSTILL_MS;
      if (isStuck || (jammedSinceMs !== undefined && nowMs - jammedSinceMs >= JAM_MS)) {
        return failed(options, lastHeld, "JAMMED", "it does not move");
      }
    }
    if (failure !== undefined) return failed(options, lastHeld, failure.reason, failure.detail);
    if (nowMs >= untilMs) break;
    waitMs = nextMs;
    nextMs = Math.min(nextMs * 2, patience.longestMs);
  }
  if (last.said === "nothing") return failed(options, lastHeld, last.reason, last.detail);
  if (jammedSinceMs !== undefined) return failed(options, lastHeld, "JAMMED", "it does not move");
  return failed(options, lastHeld, "NOT_AS_ASKED", "it answers, and is not as asked");
};

const known = ({ kind, capabilities, said }: Act, held: Held | undefined): DeviceValues =>
  held === undefined ? said : reportable(kind, capabilities, held, said);

const failed = (
  options: Act,
  held: Held | undefined,
  reason: FailureReason | "NOT_AS_ASKED",
  detail: string,
): Answer => ({
  status: "FAILED",
  reason,
  values: {
    ...known(options, held),
    ...(reason === "JAMMED" ? { jammed: true } : {}),
  },
  detail,
});

const isSame = (one: Held, other: Held): boolean =>
  Object.entries(one.values).every(([field, value]) => other.values[field] === value);

/** A read that is answered before its time; what takes longer is no answer. */
const look = async (options: Act, untilMs: number): Promise<ReadAnswer> => {
  const { bridge, address, capabilities, isOver } = options;
  const fields = Object.keys(capabilities.fields);
  return (
    (await beforeTime(bridge.read(address, fields, isOver), untilMs, isOver)) ?? {
      said: "nothing",
      reason: "UNREACHABLE",
      detail: "it did not answer in time",
    }
  );
};

/** Undefined when it takes longer. */
const beforeTime = async <T>(
  work: Promise<T>,
  untilMs: number,
  isOver: AbortSignal,
): Promise<T | undefined> => {
  const done = new AbortController();
  const signal = AbortSignal.any([isOver, done.signal]);
  // At least a moment: what is asked at the end of the time is still worth an answer.
  const late = pause(Math.max(LAST_MOMENT_MS.least, untilMs - Date.now()), undefined, { signal });
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
    late.catch(() => {});
    work.catch(() => {});
  }
};

const bellOrTime = async ({ bell, isOver }: Act, ms: number): Promise<void> => {
  const done = new AbortController();
  const signal = AbortSignal.any([isOver, done.signal]);
  const time = pause(ms, undefined, { signal });
  try {
    await Promise.race([time, bell(signal)]);
  } finally {
    done.abort();
    time.catch(() => {});
  }
};
