import { getEveryShadow } from "#adapters/device-shadows.ts";
import { readHome } from "#adapters/home-table.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { runView } from "#domain/audit/run-view.ts";
import { plannedCommands } from "#domain/run/plan.ts";
import { type Undo, undoOf } from "#domain/run/undo-plan.ts";

// Whoever undoes has 30 s at the least, for this, the reads before and a start.
const SHADOWS_MS = 12_000;

/**
 * What takes a run that has ended back, by its records, the home, and the shadows as they are now.
 * @throws HomeError of `readHome`; `StateUnknown` where a shadow cannot be read: what it shows decides what is left alone
 */
export const readUndo = async (
  homeTableName: string,
  access: HomeAccess,
  records: RunRecords,
  nowMs: number,
): Promise<Undo> => {
  const { plan, request } = records;
  const { devices } = await readHome(homeTableName, access);
  const shadows = await getEveryShadow(
    plannedCommands(plan).map(({ command }) => command.thing),
    AbortSignal.timeout(SHADOWS_MS),
  );
  const { outcomes } = runView(records, nowMs);
  const seen = new Map([...shadows].map(([thing, { view }]) => [thing, view] as const));
  return undoOf({ id: request.id, plan, outcomes }, devices, seen, nowMs);
};
