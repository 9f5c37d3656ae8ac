// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { sendToQueue } from "#local/wire/send-to-queue.ts";
import type { ScheduleTarget } from "../schedules/schedule-settings.ts";
import { transaction } from "../store/database.ts";
import type { Death, Delivery, DeliveryTable } from "../store/delivery-table.ts";
import type { ScheduleTable } from "../store/schedule-table.ts";
import { type AttemptOutcome, callTarget, outcomeOf, outcomeOfThrown } from "./call-target.ts";
import type { Clock } from "./clock.ts";
import { type Attempt, fillIn } from "./context-attributes.ts";
import { deadLetter } from "./dead-letter.ts";
import { isMadeUpFor } from "./planner.ts";
import { retryDelayMs } from "./retry.ts";

/** Carries deliveries to their targets, and what was given up to its dead-letter queue. */
export interface Courier {
  /** Takes up what is due. */
  deliver(nowMs: number): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Takes up nothing more, and breaks off what is under way: it stays on disk, and is done again. */
  close(): Promise<void>;
}

const CONCURRENT = 32;

export const courier = (options: {
  readonly database: DatabaseSync;
  readonly schedules: ScheduleTable;
  readonly deliveries: DeliveryTable;
  readonly clock: Clock;
  /** The role of a target, assumed for the schedule's group. May throw AwsError. */
  readonly access: (roleArn: string, scheduleArn: string) => AwsAccess;
  /** Something is done, and there may be more to do. */
  readonly moved: () => void;
  readonly log: (line: string) => void;
}): Courier => {
  const { database, schedules, deliveries, clock, log } = options;
  const abort = new AbortController();
  const underWay = new Map<number, Promise<void>>();
  // Delivered, and a full disk has kept it from being noted: it is not delivered a second time for that.
  const delivered = new Set<number>();

  /** It is done, one way or the other: with the last one an ActionAfterCompletion is due. */
  const finish = (delivery: Delivery): void => {
    transaction(database, () => {
      deliveries.remove(delivery.id);
      const schedule = schedules.byId(delivery.scheduleId);
      if (
        schedule?.settings.ActionAfterCompletion === "DELETE" &&
        schedule.nextMs === undefined &&
        !deliveries.has(schedule.id)
      ) {
        schedules.remove(schedule.id);
      }
    });
  };

  const giveUp = (delivery: Delivery, dead: Death): void => {
    if (delivery.target.DeadLetterConfig !== undefined) {
      deliveries.update({ ...delivery, dead, dueMs: clock.nowMs() });
      return;
    }
    log(`${told(delivery)} was not delivered: ${dead.errorCode} ${dead.errorMessage}`);
    finish(delivery);
  };

  const deliverOnce = async (delivery: Delivery): Promise<void> => {
    const { target } = delivery;
    const attempt = attemptOf(delivery, delivery.attempts + 1);
    const outcome = await callTarget(
      () => options.access(target.RoleArn, delivery.scheduleArn),
      target,
      fillIn(target.Input, attempt),
      abort.signal,
    );
    if (outcome.delivered) {
      delivered.add(delivery.id);
      finish(delivery);
      delivered.delete(delivery.id);
      return;
    }
    if (abort.signal.aborted) return;
    const tried = { ...delivery, attempts: delivery.attempts + 1 };
    const verdict = afterFailure(tried, outcome, clock.nowMs());
    if ("dead" in verdict) {
      giveUp(tried, { ...verdict.dead, executionId: attempt.executionId });
    } else {
      deliveries.update({ ...tried, dueMs: verdict.retryAtMs });
    }
  };

  const bury = async (delivery: Delivery, dead: Death, queueArn: string): Promise<void> => {
    const { target, scheduleArn } = delivery;
    const attempt = attemptOf(delivery, Math.max(1, delivery.attempts), dead.executionId);
    const letter = deadLetter(delivery, attempt, dead);
    const outcome = await sent(
      () => options.access(target.RoleArn, scheduleArn),
      (access) => sendToQueue(access, { queueArn, ...letter }, abort.signal),
    );
    if (outcome.delivered) {
      log(
        `${told(delivery)} went to the dead-letter queue: ${dead.errorCode} ${dead.errorMessage}`,
      );
      finish(delivery);
      return;
    }
    if (abort.signal.aborted) return;
    if (outcome.retryable) {
      deliveries.update({ ...delivery, dueMs: clock.nowMs() + DEAD_LETTER_PAUSE_MS });
      return;
    }
    log(
      `${told(delivery)} is lost, its dead-letter queue refuses it: ${outcome.errorCode} ${outcome.errorMessage}`,
    );
    finish(delivery);
  };

  const take = async (delivery: Delivery): Promise<void> => {
    const { id, dead, target, sinceMs } = delivery;
    if (delivered.has(id)) {
      finish(delivery);
      delivered.delete(id);
      return;
    }
    const queueArn = target.DeadLetterConfig?.Arn;
    if (dead !== undefined && queueArn !== undefined) return bury(delivery, dead, queueArn);
    const expired = expiry(target, sinceMs, clock.nowMs());
    if (expired === undefined) return deliverOnce(delivery);
    // Never tried: it was planned by a house that ended before.
    const schedule = delivery.attempts === 0 ? schedules.byId(delivery.scheduleId) : undefined;
    const isMissed = schedule === undefined || !isMadeUpFor(schedule, delivery.plannedMs);
    if (isMissed || queueArn !== undefined) giveUp(delivery, expired);
    else finish(delivery);
  };

  const carryOut = async (delivery: Delivery): Promise<void> => {
    try {
      await take(delivery);
    } catch (error) {
      // It stays on disk, and the next look finds it.
      log(`${told(delivery)} cannot be noted: ${String(error)}`);
      return;
    } finally {
      underWay.delete(delivery.id);
    }
    if (!abort.signal.aborted) options.moved();
  };

  return {
    deliver: (nowMs) => {
      if (abort.signal.aborted) return;
      for (const delivery of deliveries.due(nowMs)) {
        if (underWay.size >= CONCURRENT) return;
        if (underWay.has(delivery.id)) continue;
        underWay.set(delivery.id, carryOut(delivery));
      }
    },
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
    close: async () => {
      abort.abort();
      await Promise.all(underWay.values());
    },
  };
};

const DEAD_LETTER_PAUSE_MS = 10_000;

const told = ({ scheduleArn, plannedMs }: Delivery): string =>
  `Scheduler: ${scheduleArn} of ${new Date(plannedMs).toISOString()}`;

const attemptOf = (
  { scheduleArn, plannedMs }: Delivery,
  number: number,
  executionId = randomBytes(8).toString("hex"),
): Attempt => ({ scheduleArn, plannedMs, executionId, number });

const sent = async (
  access: () => AwsAccess,
  send: (access: AwsAccess) => ReturnType<typeof sendToQueue>,
): Promise<AttemptOutcome> => {
  try {
    return outcomeOf(await send(access()));
  } catch (error) {
    return outcomeOfThrown(error);
  }
};

/** Too old to be tried, and why. */
const expiry = (target: ScheduleTarget, sinceMs: number, nowMs: number): Death | undefined => {
  const { MaximumEventAgeInSeconds: seconds } = target.RetryPolicy;
  return nowMs - sinceMs <= seconds * 1000
    ? undefined
    : {
        errorCode: "MaximumEventAgeExceeded",
        errorMessage: `The invocation is older than ${seconds} seconds.`,
        exhausted: "MaximumEventAgeInSeconds",
      };
};

const afterFailure = (
  { attempts, sinceMs, target }: Delivery,
  outcome: Extract<AttemptOutcome, { delivered: false }>,
  nowMs: number,
): { readonly dead: Death } | { readonly retryAtMs: number } => {
  const { errorCode, errorMessage, retryable } = outcome;
  if (!retryable) return { dead: { errorCode, errorMessage } };
  const { MaximumRetryAttempts: most, MaximumEventAgeInSeconds: age } = target.RetryPolicy;
  const retryAtMs = nowMs + retryDelayMs(attempts);
  if (attempts > most) {
    return { dead: { errorCode, errorMessage, exhausted: "MaximumRetryAttempts" } };
  }
  if (retryAtMs - sinceMs > age * 1000) {
    return { dead: { errorCode, errorMessage, exhausted: "MaximumEventAgeInSeconds" } };
  }
  return { retryAtMs };
};
