import { FORMAT } from "#domain/format.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { againKey, runKey } from "#domain/home/keys.ts";
import type { SentStage } from "#domain/run/acknowledgement.ts";
import type { AuditRecord } from "./audit-record.ts";

/**
 * The record that some devices of a stage are sent their commands again, written before they are.
 */
export const againRecord = (
  home: HomeId,
  run: string,
  stage: SentStage,
  devices: readonly string[],
  at: Date,
): AuditRecord => ({
  PK: runKey(home, run),
  // What was sent again before tells this round from the earlier ones, also when the same look is taken twice.
  SK: againKey(stage.index, (stage.again ?? []).length),
  v: FORMAT,
  home,
  run,
  stage: stage.index,
  devices,
  sentAgainAt: at.toISOString(),
});
