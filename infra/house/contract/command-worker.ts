import { setTimeout as pause } from "node:timers/promises";
import type { Actuator } from "./actuator.ts";
import { type Answer, answerAtOnce } from "./answer.ts";
import type { CommandInbox, Order } from "./command-inbox.ts";
import type { DeviceValues } from "./device-values.ts";
import type { Question } from "./shadow-questions.ts";

/** Carries out what waits in the inbox, one after the other; the newest ends the one before it. */
export interface CommandWorker {
  /** Something waits. */
  wake(): void;
}

const LONGEST_DOUBT_MS = 1000;

/** The worker of one device. */
export const commandWorker = (options: {
  readonly inbox: CommandInbox;
  readonly actuator: Actuator;
  readonly values: () => DeviceValues;
  readonly answer: (order: Order, how: Answer) => void;
  /** Asks the shadow what is wanted now. */
  readonly ask: () => Question | undefined;
  /** Of the connection that is there now; undefined while there is none. */
  readonly isOff: () => AbortSignal | undefined;
  readonly say: (what: string) => void;
}): CommandWorker => {
  const { inbox, actuator, values, answer, ask, say } = options;
  let isBusy = false;
  let underWay: { readonly id: string; readonly replaced: AbortController } | undefined;

  /** Asks the shadow: a wish that is withdrawn while its command waits leaves no delta. */
  const isStillWanted = async (order: Order, isOff: AbortSignal): Promise<boolean> => {
    const question = ask();
    if (question === undefined) return false;
    const noAnswer = pause(LONGEST_DOUBT_MS, undefined, { signal: isOff });
    await Promise.race([question.answered, noAnswer]);
    return inbox.first()?.id === order.id;
  };

  const superseded = (): Answer => ({ status: "FAILED", reason: "SUPERSEDED", values: values() });

  const act = async (order: Order, isOff: AbortSignal): Promise<Answer | undefined> => {
    const replaced = new AbortController();
    underWay = { id: order.id, replaced };
    const isOver = AbortSignal.any([isOff, replaced.signal]);
    try {
      return await actuator.carryOut(order, { isOver, values });
    } catch (error) {
      if (replaced.signal.aborted) return superseded();
      if (!isOff.aborted) say(`${order.id} stopped on an error: ${String(error)}`);
      return undefined;
    } finally {
      underWay = undefined;
    }
  };

  /** Until nothing waits, or the device is switched off. */
  const work = async (isOff: AbortSignal): Promise<void> => {
    let hasWaited = false;
    for (let order = inbox.first(); order !== undefined && !isOff.aborted; order = inbox.first()) {
      if (!actuator.isReady()) {
        inbox.forget(order.id);
        continue;
      }
      const atOnce =
        answerAtOnce(order, values(), Date.now()) ??
        (inbox.newest()?.id === order.id ? undefined : superseded());
      if (atOnce !== undefined) {
        answer(order, atOnce);
        continue;
      }
      if (hasWaited && !(await isStillWanted(order, isOff))) continue;
      hasWaited = true;
      const how = await act(order, isOff);
      if (isOff.aborted) return;
      if (how === undefined) inbox.forget(order.id);
      else answer(order, how);
    }
  };

  const wake = (): void => {
    const isOff = options.isOff();
    const newest = inbox.newest()?.id;
    if (underWay !== undefined && newest !== undefined && newest !== underWay.id) {
      underWay.replaced.abort();
    }
    if (isBusy || isOff === undefined) return;
    isBusy = true;
    work(isOff)
      .catch((error: Error) => {
        if (error.name !== "AbortError") say(`stopped on an error: ${error.message}`);
      })
      .finally(() => {
        isBusy = false;
        // Something may have come between the last look and now, or after a new start.
        if (inbox.first() !== undefined) wake();
      });
  };
  return { wake };
};
