import type { ComponentChildren } from "preact";
import { say } from "../session/settings.ts";
import type { Asked } from "../session/use-answer.ts";
import { ProblemNote } from "./problem-note.tsx";

/** Shows an answer when it is there; until then its room is kept, and a problem is told in its place. */
export const Answered = <T,>({
  asked,
  rows = 4,
  children,
}: {
  readonly asked: Asked<T>;
  /** How many lines the answer will need, about. */
  readonly rows?: number;
  readonly children: (value: T) => ComponentChildren;
}) => {
  const { value, problem, isLoading, again } = asked;
  return (
    <div class="answered" aria-busy={isLoading}>
      {problem !== undefined && <ProblemNote problem={problem} again={again} />}
      {value !== undefined
        ? children(value)
        : problem === undefined && (
            <div class="waiting">
              <span class="unseen" role="status">
                {say("state.loading")}
              </span>
              {Array.from({ length: rows }, (_, at) => (
                <div key={at} class="bone" aria-hidden="true" />
              ))}
            </div>
          )}
    </div>
  );
};
