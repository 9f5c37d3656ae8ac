import { setTimeout as pause } from "node:timers/promises";
import { askUntilAnswered } from "./ask-until-answered.ts";
import type { Question } from "./shadow-questions.ts";

/** How a device makes itself known each time it is connected. */
export interface Greeting {
  onReady(): void;
  onLost(): void;
  /** Kept when the broker has had the first one. */
  readonly first: Promise<void>;
}

// The last will of the connection before this one goes through a rule, and may reach the shadow after the report of this
// one. A rule takes less than a second; ten are for a bad day.
const SECOND_LOOKS_MS = [2000, 8000] as const;

// A shadow that does not answer must not hide for long that the device is there.
const HELD_MS = 2000;

/**
 * Asks for the shadow and reports, again until the shadow answers: a broker may be back before its shadow service, which
 * then has heard neither. Looks again when an older connection's last will must have come.
 */
export const greeting = (options: {
  readonly ask: () => { readonly question: Question; readonly sent: Promise<void> };
  readonly report: () => Promise<void>;
  /** The report waits until the shadow has told what is still wanted. */
  readonly isHeld: boolean;
  /** The question that was asked last; another one than the greeting's has taken over. */
  readonly latest: () => Question | undefined;
  /** Asks whether the shadow still has it that the device is online. */
  readonly check: () => Promise<void>;
  readonly isOff: AbortSignal;
}): Greeting => {
  const { ask, report, isHeld, latest, check, isOff } = options;
  const first = Promise.withResolvers<void>();
  let connection = 0;

  const greet = async (): Promise<void> => {
    const mine = connection;
    const isAnswered = await askUntilAnswered({
      ask: () => {
        const { question, sent } = ask();
        return { question, sent: reportWith(sent, question) };
      },
      isOutdated: (question) => latest() !== question || mine !== connection,
      isOff,
    });
    if (isAnswered) await checkLater(mine);
  };

  const reportWith = async (sent: Promise<void>, question: Question): Promise<void> => {
    if (isHeld) {
      await sent;
      await Promise.race([question.answered, pause(HELD_MS, undefined, { signal: isOff })]);
      await report();
    } else await Promise.all([sent, report()]);
    first.resolve();
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
      greet().catch(() => {});
    },
    onLost: () => {
      connection += 1;
    },
    first: first.promise,
  };
};
