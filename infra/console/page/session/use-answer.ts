import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Problem, ProblemError } from "../../model/problem.ts";

/** What is known of an answer that is asked for. The last one stays while a newer one is on its way. */
export interface Asked<T> {
  readonly value?: T;
  readonly problem?: Problem;
  readonly isLoading: boolean;
  /** Asks again. */
  readonly again: () => void;
}

/**
 * Asks for what a page shows; again when `question` changes, and every so often while the page is visible.
 * What is asked must be a question: each call is made once, and may be made again.
 */
export const useAnswer = <T>(
  question: string,
  ask: (signal: AbortSignal) => Promise<T>,
  everyMs?: number,
): Asked<T> => {
  const [state, setState] = useState<{
    readonly question: string;
    readonly value?: T;
    readonly problem?: Problem;
    readonly isLoading: boolean;
  }>({ question, isLoading: true });
  const [round, setRound] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;

  useEffect(() => {
    const stop = new AbortController();
    setState((before) =>
      before.question === question ? { ...before, isLoading: true } : { question, isLoading: true },
    );
    latest.current(stop.signal).then(
      (value) => {
        if (!stop.signal.aborted) setState({ question, value, isLoading: false });
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        setState((before) => ({
          question,
          ...(before.value === undefined ? {} : { value: before.value }),
          problem: problemOf(error),
          isLoading: false,
        }));
      },
    );
    return () => stop.abort();
  }, [question, round]);

  const again = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") again();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, again]);

  // Between a new question and its effect the old answer must not be shown as the new one's.
  if (state.question !== question) return { isLoading: true, again };
  return { ...state, again };
};

/** What is told of an error. What nobody foresaw is told too, and stands in the console for whoever mends it. */
export const problemOf = (error: unknown): Problem => {
  if (error instanceof ProblemError) return error.problem;
  console.error(error);
  return { is: "unreadable", told: error instanceof Error ? error.message : String(error) };
};
