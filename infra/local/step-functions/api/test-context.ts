// The context object that a caller of TestState puts in the place of the real one:
// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
import { AwsError } from "#local/wire/aws-service.ts";
import { isObject, type JsonObject } from "#local/wire/json.ts";
import { integrationPattern } from "../tasks/resource.ts";

type Kind = "string" | "number" | "anything";

const MEMBERS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  Execution: {
    Id: "string",
    Input: "anything",
    Name: "string",
    RedriveCount: "number",
    RoleArn: "string",
    StartTime: "string",
  },
  State: { EnteredTime: "string", Name: "string", RetryCount: "number" },
  StateMachine: { Id: "string", Name: "string" },
  Task: { Token: "string" },
};

const invalid = (problem: string): AwsError =>
  new AwsError("ValidationException", `Invalid Context object provided: ${problem}`);

/** @throws AwsError `ValidationException` for what a context object cannot hold */
export const checkContext = (context: JsonObject, state: JsonObject): void => {
  for (const [name, value] of Object.entries(context)) {
    if (name === "Map") {
      throw invalid("'Map' field is not supported when mocking a Context object");
    }
    const members = Object.hasOwn(MEMBERS, name) ? MEMBERS[name] : undefined;
    if (members === undefined) throw invalid(`Field '${name}' is not allowed`);
    if (!isObject(value)) throw invalid(`${name} must be an object`);
    checkMembers(name, value, members);
  }
  const awaits = state.Type === "Task" && integrationPattern(String(state.Resource)) !== undefined;
  if (context.Task !== undefined && !awaits) {
    throw invalid(
      "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern",
    );
  }
};

const checkMembers = (
  owner: string,
  value: JsonObject,
  members: Readonly<Record<string, Kind>>,
): void => {
  for (const [name, member] of Object.entries(value)) {
    const kind = Object.hasOwn(members, name) ? members[name] : undefined;
    if (kind === undefined) throw invalid(`Field '${name}' is not allowed`);
    if (kind !== "anything" && typeof member !== kind) {
      throw invalid(`${owner}.${name} must be a ${kind}`);
    }
  }
};
