import { isObject } from "#domain/json.ts";

/** What run_scene's answer means for a schedule. */
export type SceneAnswer =
  | { readonly kind: "started"; readonly run: string; readonly result?: string }
  /** The home says no: asking again would change nothing. */
  | { readonly kind: "refused"; readonly code: string; readonly why: string }
  /** Something broke or was in the way: the same request again finds the same run, or makes it. */
  | { readonly kind: "broken"; readonly code: string; readonly why: string };

// RunConflict passes when the run in its way ends. Everything else that the tool refuses is so for as long as home,
// scene, membership and what its conditions ask about are as they are.
const BROKEN: readonly string[] = ["RunFailed", "RunUnknown", "RunConflict", "VisitNotRecorded"];
const UNREADABLE = "AnswerUnreadable";
const LONGEST_QUOTED = 300;

/** Reads the result of a tools/call of run_scene. Whatever names a run has started one, be it over or not. */
export const sceneAnswer = (toolResult: Readonly<Record<string, unknown>>): SceneAnswer => {
  const { structuredContent: answer } = toolResult;
  if (!isObject(answer)) return { kind: "broken", code: UNREADABLE, why: textOf(toolResult) };
  const { run_id: run, result, error } = answer;
  if (typeof run === "string") {
    return { kind: "started", run, ...(typeof result === "string" ? { result } : {}) };
  }
  if (isObject(error) && typeof error.code === "string") {
    const { code } = error;
    const why = typeof error.message === "string" ? error.message : code;
    return { kind: BROKEN.includes(code) ? "broken" : "refused", code, why };
  }
  return { kind: "broken", code: UNREADABLE, why: "run_scene answered without a run." };
};

// The gateway hides what a function throws: a text, and nothing structured beside it.
const textOf = ({ content }: Readonly<Record<string, unknown>>): string => {
  const first: unknown = Array.isArray(content) ? content[0] : undefined;
  return isObject(first) && typeof first.text === "string"
    ? first.text.slice(0, LONGEST_QUOTED)
    : "run_scene answered nothing.";
};
