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
  /**
   * An answer came. True says that the shadow in it has everything that was sent, so that it can tell which answers
   * were lost: no report was on its way when it was asked, and nothing has been answered since.
   */
  noteAnswer(token: string | undefined): boolean;
}

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
      return { question, sent: link.askForShadow(question.token) };
    },
    latest: () => latest,
    noteAnswer: (token) => {
      if (latest === undefined || latest.token !== token) return false;
      latest.keep();
      return latest.isSettled && latest.answersSent === reports.answersSent();
    },
  };
};
