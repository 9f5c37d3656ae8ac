import { type aws_logs as logs, RemovalPolicy } from "aws-cdk-lib";
import type { GrantName } from "./grants.ts";
import type { StageNames } from "./names/stage.ts";

/** How much the workflow logs. */
export type WorkflowLog = "errors" | "everything";

/** What the constructs of the stack are told in common. */
export interface StackSettings {
  /** What the stage calls what is the account's. */
  readonly names: StageNames;
  /** What the workflow writes into its log: only what failed, or each step with its data, which is for development. */
  readonly workflowLog: WorkflowLog;
  /** How long logs are kept. */
  readonly logRetention: logs.RetentionDays;
  /** How long a record of the audit is kept, in days. */
  readonly recordRetentionDays: number;
  /** Tables and users survive the deletion of the stack. */
  readonly protectData: boolean;
  /** And cannot be deleted by accident, which a first deployment that fails must be able to. */
  readonly refuseDeletion: boolean;
  /** Grants that are not given: for tests, which must see the run fail without each of them. */
  readonly leaveOutGrants: readonly GrantName[];
}

/**
 * What becomes of data when their stack goes: they stay. But what a first deployment made that then failed goes again,
 * since it holds nothing.
 */
export const keptWithTheStack = ({ protectData }: StackSettings): RemovalPolicy =>
  protectData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
