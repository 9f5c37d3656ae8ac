import { setTimeout as pause } from "node:timers/promises";
import type { Actuator } from "./actuator.ts";
import { type Answer, answerAtOnce } from "./answer.ts";
import type { CommandInbox, Order } from "./command-inbox.ts";
import type { DeviceValues } from "./device-values.ts";
import type { Question } from "./shadow-questions.ts";

/** Carries out what waits in the inbox, one after the other. */
export interface CommandWorker {
  /** Something waits; without effect while it works. */
  wake(): void;
}

const LONGEST_DOUBT_MS = 1000;

/** The worker of one device. */
export const commandWorker = (options: {
  readonly inbox: CommandInbox;
  readonly actuator: Actuator;
  readonly values: () => DeviceValues;
  readonly answer: (order: Order, how: Answer) => void;
  /** What may tell how a guess was meant. */
  readonly latestQuestion: () => Question | undefined;
  /** Of the connection that is there now; undefined while there is none. */
  readonly isOff: () => AbortSignal | undefined;
  readonly say: (what: string) => void;
}): CommandWorker => {
  const { inbox, actuator, values, answer, latestQuestion, say } = options;
  let isBusy = false;

  /** Waits for the shadow to tell what a guess should have been. False: it is no guess any more, or not wanted. */
  const isStillBest = async (order: Order, isOff: AbortSignal): Promise<boolean> => {
    const question = latestQuestion();
    if (!order.isGuess || question === undefined) return true;
    const noAnswer = pause(LONGEST_DOUBT_MS, undefined, { signal: isOff });
    await Promise.race([question.answered, noAnswer]);
    return inbox.order(order.id)?.isGuess === true;
  };

  const act = async (order: Order, isOver: AbortSignal): Promise<Answer | undefined> => {
    const latest = (): Order => inbox.order(order.id) ?? order;
    try {
      return await actuator.carryOut(order, { isOver, values, latest });
    } catch (error) {
      if (!isOver.aborted) say(`${order.id} stopped on an error: ${String(error)}`);
      return undefined;
    }
  };

  /** Until nothing waits, or the device is switched off. */
  const work = async (isOff: AbortSignal): Promise<void> => {
    for (let order = inbox.first(); order !== undefined && !isOff.aborted; order = inbox.first()) {
      if (!actuator.isReady()) {
        inbox.forget(order.id);
        continue;
      }
      const atOnce = answerAtOnce(order, values(), Date.now());
      if (atOnce !== undefined) {
        answer(order, atOnce);
        continue;
      }
      if (!(await isStillBest(order, isOff))) continue;
      const how = await act(order, isOff);
      if (isOff.aborted) return;
      if (how === undefined) inbox.forget(order.id);
      else answer(inbox.order(order.id) ?? order, how);
    }
  };

  const wake = (): void => {
    const isOff = options.isOff();
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
