import type { Step } from "./step.ts";

/** A step in a line, and where something is wrong what to do. */
export const stepLines = ({ step, ok, tookMs, code, summary, fix }: Step): readonly string[] => [
  `  ${ok ? "✓" : "✗"} ${step.padEnd(11)} ${`${tookMs} ms`.padStart(8)}  ${summary}${ok ? "" : `  [${code}]`}`,
  ...(fix === undefined ? [] : [`    next: ${fix}`]),
];

/** What it all means. */
export const summaryLine = (steps: readonly Step[]): string => {
  const total = steps.reduce((sum, { tookMs }) => sum + tookMs, 0);
  return steps.every(({ ok }) => ok)
    ? `A machine can call this gateway (${total} ms).`
    : "A machine cannot call this gateway as it should: see the last step.";
};
