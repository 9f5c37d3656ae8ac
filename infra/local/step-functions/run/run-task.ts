// https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
import { AwsError } from "#local/wire/aws-service.ts";
import type { Json } from "#local/wire/json.ts";
import type { TaskState } from "../compile/asl.ts";
import { evaluationFailure, type Template, unexpectedType } from "../compile/template.ts";
import type { EventDetails, EventType } from "../history/history-event.ts";
import type { Resource } from "../tasks/resource.ts";
import { isTooLarge } from "../values/payload-size.ts";
import { dataLimitExceeded, StateFailure } from "../values/state-failure.ts";
import { withRecovery } from "./recovery.ts";
import type { Transition, Visit } from "./visit.ts";

/** The names under which a resource's events are recorded. */
interface EventNames {
  readonly scheduled: EventType;
  readonly started: EventType;
  readonly succeeded: EventType;
  readonly failed: EventType;
  readonly timedOut: EventType;
  /** Members that every event has. */
  readonly common: EventDetails;
  /** How a result over the limit names its source. */
  readonly source: string;
}

const eventNames = (resource: Resource): EventNames => {
  if (resource.kind === "lambda function") {
    return {
      scheduled: "LambdaFunctionScheduled",
      started: "LambdaFunctionStarted",
      succeeded: "LambdaFunctionSucceeded",
      failed: "LambdaFunctionFailed",
      timedOut: "LambdaFunctionTimedOut",
      common: {},
      source: resource.arn,
    };
  }
  const resourceType = resourceTypeOf(resource);
  return {
    scheduled: "TaskScheduled",
    started: "TaskStarted",
    succeeded: "TaskSucceeded",
    failed: "TaskFailed",
    timedOut: "TaskTimedOut",
    common: {
      resource: "action" in resource ? resource.action : "invoke",
      resourceType,
    },
    source: resourceType,
  };
};

const resourceTypeOf = (resource: Exclude<Resource, { kind: "lambda function" }>): string => {
  switch (resource.kind) {
    case "lambda invoke":
      return "lambda";
    case "dynamodb":
      return "dynamodb";
    case "sdk dynamodb":
      return "aws-sdk:dynamodb";
    case "not emulated":
      return resource.arn;
  }
};

/** Runs a Task: its call, within its time, with Retry and Catch. */
export const runTask = (state: TaskState, visit: Visit): Promise<Transition> => {
  const names = eventNames(state.resource);
  const attempt = async (): Promise<Transition> => {
    const result = await callOnce(state, visit, names);
    const output = await visit.exit("TaskStateExited", state, result, { result });
    return { output, next: state.next };
  };
  return withRecovery(state, visit, attempt, () => {});
};

const callOnce = async (state: TaskState, visit: Visit, names: EventNames): Promise<Json> => {
  const { branch } = visit;
  const { engine, identity } = branch.execution;
  const effective = visit.effectiveInput();
  const args = await visit.evaluate(state.arguments, effective);
  visit.note("afterArguments", args);
  const timeoutSeconds = await secondsOf(state.timeoutSeconds, "TimeoutSeconds", visit);
  const heartbeatSeconds = await secondsOf(state.heartbeatSeconds, "HeartbeatSeconds", visit);
  const roleArn = await roleOf(state.credentialsRoleArn, visit);
  branch.record(names.scheduled, () => ({
    ...(state.resource.kind === "lambda function"
      ? { input: args, resource: state.resource.arn }
      : { ...names.common, region: engine.region, parameters: args }),
    ...(timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds }),
    ...(roleArn === undefined ? {} : { taskCredentials: { roleArn } }),
  }));
  branch.record(names.started, () => names.common);
  try {
    const outcome = call(visit, state.resource, args, roleArn ?? identity.roleArn);
    const limit = firstLimit(timeoutSeconds, heartbeatSeconds);
    const result = await branch.outside(
      outcome,
      limit === undefined ? undefined : limit.seconds * 1000,
      () => new StateFailure(limit?.error, undefined),
    );
    if (isTooLarge(result)) throw dataLimitExceeded(names.source);
    visit.note("result", result);
    branch.record(names.succeeded, () => ({ ...names.common, output: result }));
    return result;
  } catch (error) {
    if (error instanceof StateFailure) recordFailure(visit, names, error);
    throw error;
  }
};

const call = async (
  visit: Visit,
  resource: Resource,
  args: Json,
  roleArn: string,
): Promise<Json> => {
  const { engine, probe } = visit.branch.execution;
  const mocked = probe?.mocked();
  if (mocked !== undefined) return mocked;
  const access = assume(engine.access, roleArn);
  return engine.runTask({ resource, arguments: args, access });
};

const recordFailure = (visit: Visit, names: EventNames, failure: StateFailure): void => {
  const isTimeout =
    failure.error === "States.Timeout" || failure.error === "States.HeartbeatTimeout";
  visit.branch.record(isTimeout ? names.timedOut : names.failed, () => ({
    ...names.common,
    ...(failure.error === undefined ? {} : { error: failure.error }),
    ...(failure.reason === undefined ? {} : { cause: failure.reason }),
  }));
};

// A task that gives no sign of life fails like one that takes too long; of the two limits the earlier one counts.
const firstLimit = (
  timeoutSeconds: number | undefined,
  heartbeatSeconds: number | undefined,
): { readonly seconds: number; readonly error: string } | undefined => {
  if (
    heartbeatSeconds !== undefined &&
    (timeoutSeconds === undefined || heartbeatSeconds < timeoutSeconds)
  ) {
    return { seconds: heartbeatSeconds, error: "States.HeartbeatTimeout" };
  }
  if (timeoutSeconds === undefined) return undefined;
  return { seconds: timeoutSeconds, error: "States.Timeout" };
};

const assume = <T>(access: (roleArn: string) => T, roleArn: string): T => {
  try {
    return access(roleArn);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StateFailure(`States.TaskFailed`, error.message);
  }
};

const secondsOf = async (
  template: Template | undefined,
  field: string,
  visit: Visit,
): Promise<number | undefined> => {
  if (template === undefined) return undefined;
  const value = await visit.evaluate(template, null);
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw unexpectedType(template, field, visit.evaluation(), "integer", value);
  }
  if (value < 1 || value > 99_999_999) {
    throw evaluationFailure(
      visit,
      field,
      `The value of the field '${field}' must be between 1 and 99999999 but was: ${value}`,
    );
  }
  return value;
};

const roleOf = async (
  template: Template | undefined,
  visit: Visit,
): Promise<string | undefined> => {
  if (template === undefined) return undefined;
  const value = await visit.evaluate(template, null);
  if (typeof value === "string") return value;
  throw unexpectedType(template, "Credentials/RoleArn", visit.evaluation(), "string", value);
};
