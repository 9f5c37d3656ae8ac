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
  /** A newer question has been asked, whose answer says what is wanted now. */
  readonly isOutrun: boolean;
}

const LONGEST_ANSWER_MS = 2000;

interface Asked extends Question {
  readonly atMs: number;
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
  const prefix = `${thing.slice(0, 40)}.`;
  return {
    ask: (link) => {
      count += 1;
      const { promise: answered, resolve: keep } = Promise.withResolvers<void>();
      const question: Asked = {
        token: `${prefix}${count}`,
        atMs: performance.now(),
        answered,
        keep,
        isSettled: reports.isSettled(),
        answersSent: reports.answersSent(),
      };
      latest = question;
      return { question, sent: link.askForShadow(question.token) };
    },
    latest: () => latest,
    noteAnswer: (token) => {
      const question = latest?.token === token ? latest : undefined;
      question?.keep();
      return {
        isCurrent: question?.isSettled === true && question.answersSent === reports.answersSent(),
        isLate: question !== undefined && performance.now() - question.atMs > LONGEST_ANSWER_MS,
        isOutrun: question === undefined && token?.startsWith(prefix) === true,
      };
    },
  };
};
