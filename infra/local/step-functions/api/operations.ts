import { createStateMachine } from "./create-state-machine.ts";
import { deleteStateMachine } from "./delete-state-machine.ts";
import { describeExecution } from "./describe-execution.ts";
import { describeStateMachine } from "./describe-state-machine.ts";
import { describeStateMachineForExecution } from "./describe-state-machine-for-execution.ts";
import { getExecutionHistory } from "./get-execution-history.ts";
import { listExecutions } from "./list-executions.ts";
import { listStateMachines } from "./list-state-machines.ts";
import type { StepFunctionsOperation } from "./operation.ts";
import { startExecution } from "./start-execution.ts";
import { startSyncExecution } from "./start-sync-execution.ts";
import { stopExecution } from "./stop-execution.ts";
import { testState } from "./test-state.ts";
import { updateStateMachine } from "./update-state-machine.ts";
import { validateStateMachineDefinition } from "./validate-state-machine-definition.ts";

/** Every operation that is imitated. */
export const operations: readonly StepFunctionsOperation[] = [
  createStateMachine,
  deleteStateMachine,
  describeExecution,
  describeStateMachine,
  describeStateMachineForExecution,
  getExecutionHistory,
  listExecutions,
  listStateMachines,
  startExecution,
  startSyncExecution,
  stopExecution,
  testState,
  updateStateMachine,
  validateStateMachineDefinition,
];

/** Operations that AWS has and this stack does not imitate. */
export const notImitated: ReadonlySet<string> = new Set([
  "CreateActivity",
  "CreateStateMachineAlias",
  "DeleteActivity",
  "DeleteStateMachineAlias",
  "DeleteStateMachineVersion",
  "DescribeActivity",
  "DescribeMapRun",
  "DescribeStateMachineAlias",
  "GetActivityTask",
  "ListActivities",
  "ListMapRuns",
  "ListStateMachineAliases",
  "ListStateMachineVersions",
  "ListTagsForResource",
  "PublishStateMachineVersion",
  "RedriveExecution",
  "SendTaskFailure",
  "SendTaskHeartbeat",
  "SendTaskSuccess",
  "TagResource",
  "UntagResource",
  "UpdateMapRun",
  "UpdateStateMachineAlias",
]);
