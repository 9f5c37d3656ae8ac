// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html

import type { Json } from "#local/wire/json.ts";
import type { Branch } from "./branch.ts";

/** What the context object says of the state that is being run. */
export interface StateMoment {
  readonly name: string;
  readonly enteredAtMs: number;
  /** Present for the states that can be retried. */
  readonly retryCount?: number;
}

/** `$states.context`. */
export const contextObject = (branch: Branch, state: StateMoment): Json => {
  const { identity, probe } = branch.execution;
  // Recorded: TestState knows no redrives, calls every state the same, and may do without a role.
  const isTest = probe !== undefined;
  return {
    Execution: {
      Id: identity.executionArn,
      Input: identity.input,
      StartTime: new Date(identity.startedAtMs).toISOString(),
      Name: identity.executionName,
      RoleArn: isTest && identity.roleArn === "" ? null : identity.roleArn,
      ...(isTest ? {} : { RedriveCount: 0 }),
    },
    StateMachine: { Id: identity.stateMachineArn, Name: identity.stateMachineName },
    State: {
      Name: isTest ? "StateName" : state.name,
      EnteredTime: new Date(state.enteredAtMs).toISOString(),
      ...(state.retryCount === undefined ? {} : { RetryCount: state.retryCount }),
    },
    ...(branch.mapItem === undefined
      ? {}
      : { Map: { Item: { Index: branch.mapItem.index, Value: branch.mapItem.value } } }),
  };
};
