import type { DeviceLink } from "./device-link.ts";
import type { DeviceReports } from "./device-reports.ts";

/** A question for the whole shadow. */
export interface Question {
  readonly token: string;
  /** Kept when the answer is there. */
  readonly answered: Promise<void>;
}

/** What a device asks of its shadow. */
export interface ShadowQuestions {
  /** Asks; the promise is kept when the broker has the question. */
  ask(link: DeviceLink): { readonly question: Question; readonly sent: Promise<void> };
  /** The question that was asked last. */
  latest(): Question | undefined;
  /** An answer came, perhaps to nothing that was asked here. */
  noteAnswer(token: string | undefined): ShadowAnswer;
}

/** What the shadow in an answer is good for. */
export interface ShadowAnswer {
  /**
   * It has everything that was sent, so that it can tell which answers were lost: no report was on its way when it was
   * asked, and nothing has been answered since.
   */
  readonly isCurrent: boolean;
  /** It came two seconds after its question, or more, and may have waited on its way. */
  readonly isLate: boolean;
  /** A newer question is open, whose answer says what is wanted now. */
  readonly isOutrun: boolean;
}

const LONGEST_ANSWER_MS = 2000;
const MOST_OPEN = 100;

interface Asked extends Question {
  readonly isSettled: boolean;
  readonly answersSent: number;
  readonly keep: () => void;
}

/** Nothing has been asked yet. */
export const shadowQuestions = (
  thing: string,
  reports: Pick<DeviceReports, "isSettled" | "answersSent">,
): ShadowQuestions => {
  let latest: Asked | undefined;
  let count = 0;
  const openSinceMs = new Map<string, number>();
  return {
    ask: (link) => {
      count += 1;
      const { promise: answered, resolve: keep } = Promise.withResolvers<void>();
      const question: Asked = {
        token: `${thing.slice(0, 40)}.${count}`,
        answered,
        keep,
        isSettled: reports.isSettled(),
        answersSent: reports.answersSent(),
      };
      latest = question;
      openSinceMs.set(question.token, performance.now());
      const [oldest] = openSinceMs.keys();
      if (openSinceMs.size > MOST_OPEN && oldest !== undefined) openSinceMs.delete(oldest);
      return { question, sent: link.askForShadow(question.token) };
    },
    latest: () => latest,
    noteAnswer: (token) => {
      const sinceMs = token === undefined ? undefined : openSinceMs.get(token);
      if (token !== undefined) openSinceMs.delete(token);
      const question = latest?.token === token ? latest : undefined;
      question?.keep();
      return {
        isCurrent: question?.isSettled === true && question.answersSent === reports.answersSent(),
        isLate: sinceMs !== undefined && performance.now() - sinceMs > LONGEST_ANSWER_MS,
        isOutrun: sinceMs !== undefined && question === undefined,
      };
    },
  };
};
