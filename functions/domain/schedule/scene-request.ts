import type { Schedule } from "./schedule.ts";
import type { ScheduledCall } from "./scheduled-call.ts";
import { inWordsOf } from "./times/moment.ts";

/**
 * The arguments of run_scene for a firing. The request id is of the schedule and its planned minute, so that a firing that
 * is delivered three times is one run; with the longest schedule id it has 63 of its 64 characters.
 */
export const sceneRequest = (
  schedule: Schedule,
  { plannedAt }: ScheduledCall,
): Readonly<Record<string, unknown>> => ({
  home: schedule.home,
  scene: schedule.scene,
  ...(schedule.except.length === 0 ? {} : { except: schedule.except }),
  request_id: `schedule ${schedule.schedule} ${compactMinute(plannedAt)}`,
  // Nobody waits there: the run's own record tells how it ended, and a function that waits is paid for.
  wait_s: 0,
  reason: `schedule ${schedule.name}, planned ${inWordsOf(Date.parse(plannedAt), schedule.zone)}`,
});

// ISO 8601's basic format: 20261127T2145Z.
const compactMinute = (iso: string): string => `${iso.slice(0, 16).replaceAll(/[-:]/g, "")}Z`;
