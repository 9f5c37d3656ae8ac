import { byLog, nameOf, type RecordKey } from "#domain/log/sealing/seal-batch.ts";
import {
  dayOf,
  firstProgress,
  partitionsBetween,
  partitionsLookedBack,
  type SealProgress,
  searchesFrom,
} from "#domain/log/sealing/seal-progress.ts";
import { type SealTools, sealLog } from "./seal-log.ts";

/** What a pass over all logs works with. */
export interface PassTools extends SealTools {
  readonly readProgress: () => Promise<SealProgress | undefined>;
  readonly writeProgress: (progress: SealProgress) => Promise<void>;
  /** The records of a partition of the index bySeal that were written at `sinceMs` or later, oldest first. */
  readonly recordsSince: (
    seal: string,
    sinceMs: number,
  ) => Promise<{ readonly keys: readonly RecordKey[]; readonly isCut: boolean }>;
  /** Which of these have a receipt. */
  readonly receiptsOf: (keys: readonly RecordKey[]) => Promise<ReadonlySet<string>>;
  /** There is time for one log more. */
  readonly hasTime: () => boolean;
  /** Told of each log that could not be sealed. */
  readonly onFailure: (log: string, error: unknown) => void;
}

/** What came of a pass. */
export interface PassReport {
  readonly sealed: number;
  /** Records that a pass should have found before, and that the look back found. */
  readonly late: number;
  /** Records that were found and are not sealed. */
  readonly unsealed: number;
  /** How old the oldest was that got its entry, or waits for it. */
  readonly lagMs: number;
  readonly failures: number;
}

// As many logs at once as a function of half a virtual CPU has use for; each waits for DynamoDB most of the time.
const AT_ONCE = 8;

/** Seals what is not sealed yet, in all logs, and a part of the look back over the days before. */
export const sealPass = async (tools: PassTools): Promise<PassReport> => {
  const startedMs = tools.nowMs();
  const progress = (await tools.readProgress()) ?? firstProgress(startedMs);
  const sinceMs = searchesFrom(progress);
  const found = await findRecords(tools, sinceMs, startedMs);
  const recent = await sealAll(tools, found.keys, sinceMs);
  const back = await lookBack(tools, progress, startedMs);
  const waiting = [...recent.waiting, ...back.waiting];
  // The next pass begins with the oldest that waits; without one, with what was written since this one began.
  const sealedTo = Math.min(startedMs, found.completeToMs, ...recent.waiting.map(recordedAtOf));
  await tools.writeProgress({ ...back.progress, sealedTo: Math.max(progress.sealedTo, sealedTo) });
  return {
    sealed: recent.sealed + back.sealed,
    late: back.sealed,
    unsealed: waiting.length,
    lagMs: Math.max(recent.lagMs, ...waiting.map((key) => tools.nowMs() - key.recordedAt)),
    failures: recent.failures + back.failures,
  };
};

const recordedAtOf = ({ recordedAt }: RecordKey): number => recordedAt;

const findRecords = async (
  { recordsSince }: PassTools,
  sinceMs: number,
  nowMs: number,
): Promise<{ readonly keys: readonly RecordKey[]; readonly completeToMs: number }> => {
  const seals = partitionsBetween(sinceMs, nowMs);
  const pages = await Promise.all(seals.map((seal) => recordsSince(seal, sinceMs)));
  const cuts = pages.flatMap(({ keys, isCut }) => (isCut ? keys.slice(-1).map(recordedAtOf) : []));
  return {
    keys: pages.flatMap(({ keys }) => keys),
    completeToMs: Math.min(Number.POSITIVE_INFINITY, ...cuts),
  };
};

interface Sealed {
  readonly sealed: number;
  readonly lagMs: number;
  readonly waiting: readonly RecordKey[];
  readonly failures: number;
}

const sealAll = async (
  tools: PassTools,
  found: readonly RecordKey[],
  sinceMs: number,
): Promise<Sealed> => {
  const logs = [...byLog(found)];
  const waiting: RecordKey[] = [];
  let [sealed, lagMs, failures] = [0, 0, 0];
  const work = async (): Promise<void> => {
    for (let next = logs.shift(); next !== undefined; next = logs.shift()) {
      const [log, keys] = next;
      if (!tools.hasTime()) {
        waiting.push(...keys);
        continue;
      }
      try {
        const report = await sealLog(tools, log, keys, sinceMs);
        sealed += report.sealed;
        lagMs = Math.max(lagMs, report.oldestMs);
        if (report.isTaken) waiting.push(...keys);
      } catch (error) {
        // One log that cannot be sealed must not keep the others from it.
        tools.onFailure(log, error);
        failures += 1;
        waiting.push(...keys);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { sealed, lagMs, waiting, failures };
};

/** One partition of the days before, by receipts: whatever has none came too late to be found by a pass. */
const lookBack = async (
  tools: PassTools,
  progress: SealProgress,
  nowMs: number,
): Promise<Sealed & { readonly progress: SealProgress }> => {
  const today = dayOf(nowMs);
  const seals = partitionsLookedBack(nowMs);
  const done = progress.lookedBackOn === today ? progress.lookedBack : 0;
  const here = { ...progress, lookedBackOn: today, lookedBack: done };
  const seal = seals[done];
  const nothing = { sealed: 0, lagMs: 0, waiting: [], failures: 0 };
  if (seal === undefined || !tools.hasTime()) return { ...nothing, progress: here };
  const { keys } = await tools.recordsSince(seal, 0);
  const known = await tools.receiptsOf(keys);
  const late = keys.filter((key) => !known.has(nameOf(key)));
  const oldestMs = Math.min(nowMs, ...late.map(recordedAtOf));
  const result = await sealAll(tools, late, oldestMs);
  const isDone = result.waiting.length === 0;
  return { ...result, progress: isDone ? { ...here, lookedBack: done + 1 } : here };
};
