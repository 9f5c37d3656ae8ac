import { setTimeout as pause } from "node:timers/promises";
import type { Question } from "./shadow-questions.ts";

/** How a device makes itself known each time it is connected. */
export interface Greeting {
  onReady(): void;
  onLost(): void;
  /** Kept when the broker has had the first one. */
  readonly first: Promise<void>;
}

const FIRST_PATIENCE_MS = 3000;
const LONGEST_PATIENCE_MS = 30_000;

// The last will of the connection before this one goes through a rule, and may reach the shadow after the report of this
// one. A rule takes less than a second; ten are for a bad day.
const SECOND_LOOKS_MS = [2000, 8000] as const;

/**
 * Asks for the shadow and reports, looks again when an older connection's last will must have come, and does so again until the shadow answers: a broker may be back before its shadow
 * service, which then has heard neither.
 */
export const greeting = (options: {
  readonly ask: () => { readonly question: Question; readonly sent: Promise<void> };
  readonly report: () => Promise<void>;
  /** The question that was asked last; another one than the greeting's has taken over. */
  readonly latest: () => Question | undefined;
  /** Asks whether the shadow still has it that the device is online. */
  readonly check: () => Promise<void>;
  readonly isOff: AbortSignal;
}): Greeting => {
  const { ask, report, latest, check, isOff } = options;
  const first = Promise.withResolvers<void>();
  let connection = 0;

  const greet = async (patienceMs: number): Promise<void> => {
    const mine = connection;
    // In this order: the answer to the question shows the shadow as it was, and a delta that the report brings about
    // can be understood by it.
    const { question, sent } = ask();
    await Promise.all([sent, report()]);
    first.resolve();
    const isAnswered = await Promise.race([
      question.answered.then(() => true),
      pause(patienceMs, false, { ref: false, signal: isOff }),
    ]);
    if (isAnswered) await checkLater(mine);
    if (isAnswered || latest() !== question || mine !== connection) return;
    await greet(Math.min(patienceMs * 2, LONGEST_PATIENCE_MS));
  };

  const checkLater = async (mine: number): Promise<void> => {
    for (const afterMs of SECOND_LOOKS_MS) {
      await pause(afterMs, undefined, { ref: false, signal: isOff });
      if (mine !== connection) return;
      await check();
    }
  };

  isOff.addEventListener("abort", () => first.resolve(), { once: true });
  return {
    onReady: () => {
      connection += 1;
      // What breaks it off is the end of the connection or of the device; the next connection is greeted anew.
      greet(FIRST_PATIENCE_MS).catch(() => {});
    },
    onLost: () => {
      connection += 1;
    },
    first: first.promise,
  };
};
