import { setTimeout as pause } from "node:timers/promises";
import type { Question } from "./shadow-questions.ts";

const FIRST_PATIENCE_MS = 3000;
const LONGEST_PATIENCE_MS = 30_000;

/** Asks for the shadow until it answers. False: another question has taken over, and its answer tells as much. */
export const askUntilAnswered = async (
  options: {
    readonly ask: () => { readonly question: Question; readonly sent: Promise<void> };
    readonly isOutdated: (question: Question) => boolean;
    readonly isOff: AbortSignal;
  },
  patienceMs = FIRST_PATIENCE_MS,
): Promise<boolean> => {
  const { ask, isOutdated, isOff } = options;
  const { question, sent } = ask();
  await sent;
  const isAnswered = await Promise.race([
    question.answered.then(() => true),
    pause(patienceMs, false, { ref: false, signal: isOff }),
  ]);
  if (isAnswered) return true;
  if (isOutdated(question)) return false;
  return askUntilAnswered(options, Math.min(patienceMs * 2, LONGEST_PATIENCE_MS));
};
