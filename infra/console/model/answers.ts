import "./jitless.ts";
import * as z from "zod";

// What the tools answer, as far as the page reads it. Unknown members are passed over, so that a tool may say more.

const run = z.object({
  run_id: z.string(),
  scene: z.string(),
  result: z.string(),
  requested_at: z.iso.datetime(),
  requested_by: z.string().optional(),
  client: z.string().optional(),
  role: z.string().optional(),
  reason: z.string().optional(),
  devices: z.number().optional(),
  confirmed: z.number().optional(),
});

const inRun = z.object({
  device: z.string(),
  name: z.string(),
  stage: z.string(),
  outcome: z.string(),
  asked: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
  asked_at: z.iso.datetime().optional(),
  window_seconds: z.number(),
  answered_at: z.iso.datetime().optional(),
  late: z.boolean().optional(),
  withdrawn: z.boolean().optional(),
  why: z.string().optional(),
  reported_again_at: z.array(z.string()).optional(),
});

const summary = z.object({
  runs: z.number(),
  counted_since: z.iso.datetime().optional(),
  looked_into: z.number(),
  not_well: z.array(run),
  quarters: z.array(
    z.object({
      at: z.iso.datetime(),
      done: z.number().optional(),
      partly_done: z.number().optional(),
      stopped: z.number().optional(),
      failed: z.number().optional(),
      running: z.number().optional(),
      cut_off: z.number().optional(),
    }),
  ),
  devices: z.array(
    z.object({
      device: z.string(),
      asked: z.number(),
      not_confirmed: z.number(),
      last_problem: z
        .object({ run_id: z.string(), outcome: z.string(), requested_at: z.iso.datetime() })
        .optional(),
    }),
  ),
});

/** list_runs */
export const runsAnswer = z.object({
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  runs: z.array(run),
  next: z.string().optional(),
  summary: summary.optional(),
  device_in_runs: z
    .array(inRun.extend({ run_id: z.string(), scene_name: z.string().optional() }))
    .optional(),
  by_hand: z
    .array(z.object({ at: z.iso.datetime(), before: z.string().optional(), after: z.string() }))
    .optional(),
});

/** explain_run */
export const explainedRun = z.object({
  say: z.string(),
  run_id: z.string(),
  scene: z.string(),
  scene_name: z.string().optional(),
  result: z.string(),
  requested_at: z.iso.datetime(),
  requested_by: z.string().optional(),
  role: z.string().optional(),
  client: z.string().optional(),
  reason: z.string().optional(),
  granted_because: z.string().optional(),
  plan_hash: z.string(),
  finished_at: z.iso.datetime().optional(),
  devices: z.array(inRun),
  not_listed: z.string().optional(),
});

/** get_run, in full */
export const toldRun = z.object({
  say: z.string(),
  run_id: z.string(),
  scene: z.string(),
  result: z.string(),
  requested_at: z.iso.datetime(),
  finished_at: z.iso.datetime().optional(),
  requested_by: z.string().optional(),
  reason: z.string().optional(),
  plan_hash: z.string(),
  every_device: z
    .array(
      z.object({
        device: z.string(),
        name: z.string(),
        stage: z.string(),
        outcome: z.string(),
        asked: z.string(),
        reason: z.string().optional(),
        acknowledged_at: z.iso.datetime().optional(),
      }),
    )
    .optional(),
});

/** verify_runs, in full */
export const verifiedRuns = z.object({
  runs: z.array(
    z.object({
      run_id: z.string(),
      verdict: z.string(),
      records: z.number(),
      proved: z.number(),
      not_sealed: z.number(),
      broken: z.array(z.string()).optional(),
      proofs: z
        .array(
          z.object({
            record: z.string(),
            item: z.record(z.string(), z.unknown()),
            index: z.number(),
            entry: z.string(),
            salt: z.string(),
            hashes: z.array(z.string()),
          }),
        )
        .optional(),
    }),
  ),
  head: z.object({ entries: z.number(), root: z.string(), key: z.string(), note: z.string() }),
});

/** get_home, in full */
export const shownHome = z.object({
  name: z.string(),
  zone: z.string(),
  rooms: z.array(
    z.object({
      room: z.string(),
      devices: z.array(z.object({ device: z.string(), name: z.string(), kind: z.string() })),
    }),
  ),
  scenes: z.array(
    z.object({
      scene: z.string(),
      name: z.string(),
      aliases: z.array(z.string()),
      stages: z
        .array(z.object({ name: z.string(), devices: z.record(z.string(), z.string()) }))
        .optional(),
    }),
  ),
});

/** plan_scene */
export const plannedScene = z.object({
  scene: z.string(),
  plan_hash: z.string(),
  stages: z.array(
    z.object({
      name: z.string(),
      devices: z.array(
        z.object({
          device: z.string(),
          name: z.string(),
          want: z.string(),
          required: z.boolean(),
          window_s: z.number(),
        }),
      ),
    }),
  ),
  left_out: z.array(z.string()),
});

/** run_scene and undo_run */
export const startedRun = z.object({
  say: z.string(),
  result: z.string(),
  run_id: z.string().optional(),
  /** With `needs_approval`: what would open a way into the home. Nothing was sent yet. */
  approval_id: z.string().optional(),
  needs_approval: z
    .array(z.object({ device: z.string(), name: z.string(), what: z.string() }))
    .optional(),
});

const firing = z.object({
  planned_at: z.iso.datetime(),
  outcome: z.string(),
  run_id: z.string().optional(),
  why: z.string().optional(),
});

/** schedule_scene, action list */
export const listedSchedules = z.object({
  schedules: z.array(
    z.object({
      schedule: z.string(),
      name: z.string(),
      scene: z.string(),
      in_words: z.string(),
      zone: z.string(),
      state: z.string(),
      next_at: z.iso.datetime().optional(),
      last: firing.optional(),
      refused: z.string().optional(),
      except: z.array(z.string()).optional(),
    }),
  ),
});

/** schedule_scene, action list of one */
export const shownSchedule = z.object({
  schedule: z.string(),
  name: z.string(),
  next_at: z.array(z.iso.datetime()),
  left_out: z.array(z.string()),
  notes: z.array(z.string()),
  history: z.array(firing),
});

export type Run = z.infer<typeof run>;
export type DeviceInRun = z.infer<typeof inRun>;
export type Summary = z.infer<typeof summary>;
export type RunsAnswer = z.infer<typeof runsAnswer>;
export type ExplainedRun = z.infer<typeof explainedRun>;
export type ToldRun = z.infer<typeof toldRun>;
export type VerifiedRuns = z.infer<typeof verifiedRuns>;
export type VerifiedRun = VerifiedRuns["runs"][number];
export type ShownHome = z.infer<typeof shownHome>;
export type PlannedScene = z.infer<typeof plannedScene>;
export type Firing = z.infer<typeof firing>;
export type ListedSchedule = z.infer<typeof listedSchedules>["schedules"][number];
