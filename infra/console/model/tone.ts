/** How a word for an end is to be taken: as it should be, under way, half, not as it should be, or neither. */
export type Tone = "good" | "busy" | "warn" | "bad" | "idle";

const TONES: Readonly<Record<string, Tone>> = {
  done: "good",
  running: "busy",
  partly_done: "warn",
  stopped: "warn",
  failed: "bad",
  cut_off: "bad",
  nothing_to_undo: "idle",
  confirmed: "good",
  already_there: "good",
  confirmed_late: "warn",
  waiting: "busy",
  refused: "bad",
  timed_out: "bad",
  offline: "bad",
  superseded: "warn",
  not_sent: "bad",
  not_reached: "idle",
  skipped_by_condition: "idle",
  needs_approval: "idle",
  fired: "good",
  skipped: "idle",
  missed: "warn",
  proved: "good",
  broken: "bad",
  "not sealed yet": "busy",
};

/** The tone of a run's result, of a device's outcome, or of a firing's. A word that nobody here knows is neither. */
export const toneOf = (word: string): Tone => TONES[word] ?? "idle";
