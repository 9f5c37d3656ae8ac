import { keysOf, listOf, numberOf, textOf } from "./exported-records.ts";
import { capital, entryInWords, type Faults } from "./fault.ts";
import type { Sha256 } from "./hashing.ts";
import { hashOfText, type Item } from "./leaf.ts";
import { isOfRun, kindOfRecord } from "./record-kind.ts";
import type { SealedLeaves } from "./sealed-leaves.ts";

/** A record that is what its entry committed to, its one text, and the entry if it is sealed. */
export interface SealedRecord {
  readonly item: Item;
  readonly text: string;
  readonly index: number | undefined;
}

/** Whether records that are all genuine make sense together. */
export interface Meaning {
  readonly take: (record: SealedRecord) => void;
  /** An entry whose record may be missing. */
  readonly miss: (index: number) => void;
  /**
   * Says what does not make sense, when all records were taken; gives the runs of which nobody knows how they ended.
   */
  readonly conclude: () => readonly string[];
}

/** `evidence` is all that an outcome may be judged by beside the request: acknowledgements, and what was sent again. */
type KindOfRun = "request" | "evidence" | "outcome";

interface Run {
  readonly request?: { readonly index: number | undefined; readonly at: number | undefined };
  readonly outcome?: { readonly index: number | undefined; readonly judgedBy: readonly string[] };
  /** Of its request and its evidence, until they are known to be all that its outcome was judged by. */
  readonly hashes: readonly string[];
}

/**
 * One request a run, whose plan has the hash that it says; and every record that an outcome says it was judged by
 * (attribute `judgedBy`): who deletes one of them before it is sealed is found by that. A request that is older than six
 * minutes and has no outcome is no fault: a run that was cut off has none, and whether that is why nobody can tell.
 */
export const checkMeaning = (
  sha256: Sha256,
  leaves: SealedLeaves,
  exportedAt: number,
  faults: Faults,
): Meaning => {
  const runs = new Map<string, Run>();
  // When those that are missing rightly were sealed, in order.
  const missing: number[] = [];

  const fault = (index: number | undefined, run: string, what: string): void => {
    const entry = index === undefined ? "" : `${entryInWords(index, leaves.at(index))}: `;
    const sentence = `${capital(`${entry}run ${nameOf(run)} ${what}`)}.`;
    faults.add({
      code: "MeaningBroken",
      ...(index === undefined ? {} : { entry: index }),
      sentence,
    });
  };
  /** May a record of this run be one of those that are missing rightly? They were sealed around the same time. */
  const mayBeMissing = (index: number | undefined): boolean => {
    const at = index === undefined ? exportedAt : (leaves.at(index)?.at ?? exportedAt);
    const next = missing[firstFrom(missing, at - ONE_RUN_MS)];
    return next !== undefined && next <= at + ONE_RUN_MS;
  };

  const withRecord = (
    before: Run,
    partition: string,
    kind: KindOfRun,
    sealed: SealedRecord,
  ): Run => {
    const { item, text, index } = sealed;
    switch (kind) {
      case "request": {
        if (before.request !== undefined) {
          fault(laterOf(index, before.request.index), partition, "has a second request");
          return before;
        }
        const [plan, planHash] = [textOf(item.plan), textOf(item.planHash)];
        if (plan !== undefined && planHash !== hashOfText(sha256, plan)) {
          fault(index, partition, "has a plan that is not the one of its hash");
        }
        const request = { index, at: numberOf(item.recordedAt) };
        return { ...before, request, hashes: [...before.hashes, hashOfText(sha256, text)] };
      }
      case "evidence":
        return { ...before, hashes: [...before.hashes, hashOfText(sha256, text)] };
      case "outcome": {
        const judgedBy = listOf(item.judgedBy).flatMap((hash) => textOf(hash) ?? []);
        return { ...before, outcome: { index, judgedBy } };
      }
    }
  };

  return {
    take: (record) => {
      const { partition = "", sort = "" } = keysOf(record.item);
      const kind = kindOfRun(partition, sort);
      if (kind === undefined) return;
      const before = runs.get(partition) ?? { hashes: [] };
      // What a run's outcome did not wait for is kept no more: of most runs nothing but the entry of the request is.
      if (kind === "evidence" && isComplete(before)) return;
      const run = withRecord(before, partition, kind, record);
      runs.set(partition, isComplete(run) ? completeOf(run) : run);
    },
    miss: (index) => {
      missing.push(leaves.at(index)?.at ?? Number.NaN);
    },
    conclude: () => {
      const endless: string[] = [];
      for (const [partition, { request, outcome, hashes }] of runs) {
        if (request === undefined && outcome !== undefined && !mayBeMissing(outcome.index)) {
          fault(outcome.index, partition, "has an outcome and no request");
        }
        if (request?.at !== undefined && outcome === undefined) {
          const age = exportedAt - request.at;
          if (age > ENDED_WITHIN_MS && !mayBeMissing(request.index))
            endless.push(nameOf(partition));
        }
        for (const hash of outcome?.judgedBy ?? []) {
          if (hashes.includes(hash) || mayBeMissing(outcome?.index)) continue;
          fault(outcome?.index, partition, `was judged by a record that is not there (${hash})`);
        }
      }
      return endless.toSorted();
    },
  };
};

// Of a run everything is its evidence but the outcome itself, whatever its kind: so the conclusion takes it
// (functions/adapters/audit-table.ts, `readRunEvidence`).
const kindOfRun = (partition: string, sort: string): KindOfRun | undefined => {
  if (!isOfRun(partition)) return undefined;
  const kind = kindOfRecord(partition, sort);
  return kind === "request" || kind === "outcome" ? kind : "evidence";
};

const isComplete = ({ request, outcome, hashes }: Run): boolean =>
  request !== undefined && outcome?.judgedBy.every((hash) => hashes.includes(hash)) === true;

const completeOf = ({ request, outcome }: Run): Run => ({
  ...(request === undefined ? {} : { request }),
  ...(outcome === undefined ? {} : { outcome: { index: outcome.index, judgedBy: [] } }),
  hashes: [],
});

const laterOf = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : Math.max(one, other);

/** The place of the first number, in ascending ones, that is at least this. */
const firstFrom = (numbers: readonly number[], least: number): number => {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((numbers[middle] ?? least) < least) from = middle + 1;
    else to = middle;
  }
  return from;
};

const nameOf = (partition: string): string => partition.slice(partition.lastIndexOf("#") + 1);

// An express workflow ends within five minutes.
const ENDED_WITHIN_MS = 6 * 60 * 1000;
const ONE_RUN_MS = 2 * ENDED_WITHIN_MS;
