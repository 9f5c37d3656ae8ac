import { Metrics } from "@aws-lambda-powertools/metrics";
import { nodeSha256 } from "#adapters/audit/node-sha256.ts";
import { itemToStore } from "#adapters/audit/stored-item.ts";
import { auditItem, withTexts } from "#adapters/audit-item.ts";
import type { RunEvidence } from "#adapters/audit-table.ts";
import { publishMeasures } from "#adapters/metrics.ts";
import { judgedByThatFit } from "#domain/audit/judged-by.ts";
import { outcomeRecord } from "#domain/audit/outcome-record.ts";
import { recordHashOf } from "#domain/log/leaf.ts";
import type { HandChange } from "#domain/run/by-hand.ts";
import { deviceOutcomes, type ShadowView } from "#domain/run/outcome.ts";
import { runMeasures } from "#domain/run/run-measures.ts";
import { runResult } from "#domain/run/run-result.ts";
import type { ConcludeInput, Conclusion } from "#domain/run/workflow.ts";

// Whoever concludes: alarms and dashboard look for them there.
const metrics = new Metrics({ serviceName: "conclude-run" });

/** What a run is concluded from, beside the records of its devices' answers. */
export interface Found {
  /** By thing, what stood in the shadows of devices that did not answer, or not as asked. */
  readonly shadows: Readonly<Record<string, ShadowView>>;
  /** By thing, what the devices that were confirmed report when the time to hold is over. */
  readonly held: Readonly<Record<string, ShadowView>>;
  /** Whose hand was on which device; none where its scene does not yield to that. */
  readonly byHand: readonly HandChange[];
}

/** Judges how each device of a run fared, and measures it. */
export const conclusionOf = (
  { run, plan, planHash, sent }: ConcludeInput,
  { acknowledgements, judgedBy }: Pick<RunEvidence, "acknowledgements" | "judgedBy">,
  { shadows, held, byHand }: Found,
): Conclusion => {
  const outcomes = deviceOutcomes({
    run: run.id,
    plan,
    sent,
    acknowledgements,
    shadows,
    held,
    byHand,
  });
  const result = runResult(run, plan, planHash, outcomes, new Date().toISOString());
  const bare = auditItem(outcomeRecord(plan.home, result, outcomes, []));
  const bytes = Buffer.byteLength(JSON.stringify({ record: bare, result }));
  const record = withTexts(bare, "judgedBy", judgedByThatFit(judgedBy, bytes));
  publishMeasures(
    runMeasures({ run: run.id, plan, result: result.result, outcomes, shadows }),
    metrics,
  );
  const receipt = { record: recordHashOf(nodeSha256, itemToStore(record)) };
  return { record, result: { ...result, receipt } };
};
