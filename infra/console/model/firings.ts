import type { Firing } from "./answers.ts";

/** Planned moments of which every attempt broke off: nothing ran, and nobody tries again. One line each, the newest first. */
export const givenUp = (history: readonly Firing[]): readonly Firing[] => {
  const settled = new Set(
    history.filter(({ outcome }) => outcome !== "failed").map(({ planned_at }) => planned_at),
  );
  const seen = new Set<string>();
  return history.filter(({ outcome, planned_at, run_id }) => {
    if (outcome !== "failed" || run_id !== undefined) return false;
    if (settled.has(planned_at) || seen.has(planned_at)) return false;
    seen.add(planned_at);
    return true;
  });
};
