/** Every number that the functions count, by which CloudWatch makes metrics; its alarms and its dashboard name them too. */
export type MeasureName =
  /** Runs that were concluded, by how they ended. */
  | "Runs"
  /** From a command to its acknowledgement, by kind of device. */
  | "AcknowledgementLatency"
  /** Acknowledgements that came after their window and before the run was concluded. */
  | "LateAcknowledgements"
  /** Commands that no device acknowledged, and that were taken back. */
  | "CommandsWithdrawn"
  /** The same, and taking them back failed: a device may still obey. */
  | "NotWithdrawn"
  /** Calls that were refused, by whichever function refused them. */
  | "RefusedCalls"
  /** Runs that were cut off, and ended by the sweeper. */
  | "RunsSwept"
  /** How long the oldest record that has no entry in its log has waited. */
  | "SealLag"
  | "Unsealed"
  | "LateSealed"
  /** Runs of the canary that were not done: 0 or 1 for each; and how long they took. */
  | "CanaryFailures"
  | "CanarySeconds";

/**
 * One number of a moment. Each pair of name and dimension is a metric of its own and is paid for as one: a dimension has
 * few values, and never an id.
 */
export interface Measure {
  readonly name: MeasureName;
  readonly value: number;
  readonly unit: "Count" | "Seconds" | "Milliseconds";
  readonly by?: { readonly outcome: string } | { readonly kind: string };
}
