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
  const { identity } = branch.execution;
  return {
    Execution: {
      Id: identity.executionArn,
      Input: identity.input,
      StartTime: new Date(identity.startedAtMs).toISOString(),
      Name: identity.executionName,
      RoleArn: identity.roleArn,
      RedriveCount: 0,
    },
    StateMachine: { Id: identity.stateMachineArn, Name: identity.stateMachineName },
    State: {
      Name: state.name,
      EnteredTime: new Date(state.enteredAtMs).toISOString(),
      ...(state.retryCount === undefined ? {} : { RetryCount: state.retryCount }),
    },
    ...(branch.mapItem === undefined
      ? {}
      : { Map: { Item: { Index: branch.mapItem.index, Value: branch.mapItem.value } } }),
  };
};
