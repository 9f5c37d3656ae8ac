import { describeReported } from "#domain/audit/run-timeline.ts";
import { isObject } from "#domain/json.ts";

/** A change that no run asked for: somebody switched the device, or it did so by itself. */
export interface ByHand {
  /** ISO 8601. */
  readonly at: string;
  readonly before?: string;
  readonly after: string;
}

/** The change that a report of the index byDevice tells; none where it answers a run. */
export const changeByHand = (report: Readonly<Record<string, unknown>>): readonly ByHand[] => {
  const { change, before, after, acknowledgedAt } = report;
  if (change !== "reported" || !isObject(after) || typeof acknowledgedAt !== "number") return [];
  return [
    {
      at: new Date(acknowledgedAt).toISOString(),
      ...(isObject(before) ? { before: describeReported(before) } : {}),
      after: describeReported(after),
    },
  ];
};
