import type { AwsAccess } from "#local/wire/aws-call.ts";
import type { Json } from "#local/wire/json.ts";
import { StateFailure } from "../values/state-failure.ts";
import { callDynamoDb } from "./dynamodb-task.ts";
import { callLambdaFunction, callLambdaInvoke } from "./lambda-task.ts";
import type { Resource } from "./resource.ts";

/** One call that a Task makes, with the credentials of the role that makes it. */
export interface TaskCall {
  readonly resource: Resource;
  readonly arguments: Json;
  readonly access: AwsAccess;
}

/** Carries a Task's call out. Rejects with StateFailure for what the called service refuses. */
export type TaskRunner = (call: TaskCall) => Promise<Json>;

/** The runner that calls the services over the wire. `signal` ends all calls that are under way. */
export const createTaskRunner =
  (signal: AbortSignal): TaskRunner =>
  ({ resource, arguments: args, access }) => {
    switch (resource.kind) {
      case "lambda function":
        return callLambdaFunction(access, resource.arn, args, signal);
      case "lambda invoke":
        return callLambdaInvoke(access, args, signal);
      case "dynamodb":
        return callDynamoDb(access, resource.action, args, signal, "optimized");
      case "sdk dynamodb":
        return callDynamoDb(access, resource.action, args, signal, "sdk");
      case "not emulated":
        // Such a machine is never created: see check-resource.ts.
        return Promise.reject(new StateFailure("States.Runtime", `NotEmulated: ${resource.arn}`));
    }
  };
