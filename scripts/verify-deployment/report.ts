import { counted } from "#domain/counted.ts";
import type { CheckDone } from "./check.ts";
import type { Answered } from "./questions.ts";

/** What a verification found, for a machine to read and a person to hand in. */
export interface Report {
  readonly v: 1;
  readonly stack: string;
  /** An imitation settles nothing about AWS: what it says is told, and by whom. */
  readonly against: "AWS" | "an imitation";
  readonly at: string;
  readonly gateway: string;
  readonly checks: readonly CheckDone[];
  readonly questions: readonly Answered[];
  /** Nothing failed, and nothing was untried but what this stack has nothing for. */
  readonly ok: boolean;
}

const MARKS: Readonly<Record<CheckDone["state"], string>> = {
  holds: "✓",
  fails: "✗",
  untried: "–",
};

/** A check in a line, and where something is wrong what to do. */
export const checkLines = ({
  check,
  state,
  tookMs,
  code,
  summary,
  fix,
}: CheckDone): readonly string[] => [
  `  ${MARKS[state]} ${check.padEnd(22)} ${`${tookMs} ms`.padStart(9)}  ${summary}${state === "fails" ? `  [${code}]` : ""}`,
  ...(fix === undefined ? [] : [`    next: ${fix}`]),
];

/** The open questions, each settled or not, and the last line. */
export const closingLines = ({ against, checks, questions, ok }: Report): readonly string[] => {
  const settled = questions.filter((one) => one.settled);
  return [
    "",
    against === "AWS"
      ? "What was not known before an account was tried:"
      : "What was not known before an account was tried, as an imitation answers it, which settles nothing about AWS:",
    ...questions.map(questionLine),
    "",
    `${counted(settled.length, "question")} of ${questions.length} settled. ${lastWord(checks, ok)}`,
  ];
};

const questionLine = ({ question, settled, holds, otherwise }: Answered): string => {
  const word = settled ? (holds === true ? "yes, it holds" : "yes, it does NOT hold") : "no";
  const how = settled || otherwise === undefined ? "" : ` (${otherwise})`;
  return `  settled: ${word.padEnd(21)} ${question}${how}`;
};

const lastWord = (checks: readonly CheckDone[], ok: boolean): string => {
  if (ok) return "The stack works.";
  const first = checks.find(({ state }) => state === "fails");
  return first === undefined
    ? "The stack could not be verified."
    : `The stack does not work as it should: ${first.summary}`;
};
