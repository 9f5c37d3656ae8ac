// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html

/** What is known of one attempt to call a target. */
export interface Attempt {
  readonly scheduleArn: string;
  /** The planned instant. */
  readonly plannedMs: number;
  /** 16 hexadecimal digits. */
  readonly executionId: string;
  /** Counted from 1. */
  readonly number: number;
}

/** UTC, whole seconds, Z. */
export const utcSeconds = (ms: number): string =>
  new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");

/** Puts an attempt's values where the input names them: literal text, whatever stands around it. */
export const fillIn = (input: string, attempt: Attempt): string =>
  input
    .replaceAll("<aws.scheduler.schedule-arn>", () => attempt.scheduleArn)
    .replaceAll("<aws.scheduler.scheduled-time>", () => utcSeconds(attempt.plannedMs))
    .replaceAll("<aws.scheduler.execution-id>", () => attempt.executionId)
    .replaceAll("<aws.scheduler.attempt-number>", () => String(attempt.number));
