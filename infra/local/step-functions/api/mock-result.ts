// A mocked result has to look like what the service would answer:
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html
import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
import { isArray, isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import { integrationPattern, isFunctionLike } from "../tasks/resource.ts";
import { isExactNumber } from "../values/exact-number.ts";
import { answerShape, type Shape, type Structure } from "./answer-shapes.ts";

/** How closely a mock is held against the answer's shape. PRESENT asks for no member that is required. */
export type FieldValidationMode = "STRICT" | "PRESENT" | "NONE";

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

/** @throws AwsError `ValidationException`, `NotEmulated` where the answer's shape is not known here */
export const checkMockResult = (
  state: JsonObject,
  result: Json,
  mode: FieldValidationMode,
): void => {
  if (state.Type === "Map" || state.Type === "Parallel") {
    checkResults(state, result);
    return;
  }
  const resource = String(state.Resource);
  // What comes with a task token is the caller's own, and so is what a function answers.
  const isFree = isFunctionLike(resource) || integrationPattern(resource) === ".waitForTaskToken";
  if (mode === "NONE" || isFree) return;
  const shape = answerShape(resource);
  if (shape === undefined) {
    throw notEmulated(
      "Step Functions",
      `a mock of ${resource} with fieldValidationMode ${mode}, since its answer's shape is not known here; with NONE it is taken as it is`,
    );
  }
  if (!isStructure(result)) throw invalid("Mocked result must be a JSON object.");
  const problem = problemOf(result, shape, mode === "STRICT");
  if (problem !== undefined) throw invalid(`Mock result schema validation error: ${problem}`);
};

const checkResults = (state: JsonObject, result: Json): void => {
  if (!isArray(result)) throw invalid("Mocked result must be an array.");
  const { Branches: branches } = state;
  if (isArray(branches) && branches.length !== result.length) {
    throw invalid(
      "Mocked result must contain the same number of items as number of Parallel branches.",
    );
  }
};

const isStructure = (value: Json): value is JsonObject => isObject(value) && !isExactNumber(value);

const problemOf = (
  value: JsonObject,
  { members, required }: Structure,
  isStrict: boolean,
): string | undefined => {
  const missing = required.find((name) => value[name] === undefined);
  if (isStrict && missing !== undefined) return `Required field '${missing}' is missing`;
  for (const [name, member] of Object.entries(value)) {
    const shape = members[name];
    const problem = shape === undefined ? undefined : memberProblem(name, member, shape, isStrict);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

const memberProblem = (
  name: string,
  value: Json,
  shape: Shape,
  isStrict: boolean,
): string | undefined => {
  if (shape === "string") return typeof value === "string" ? undefined : mustBe(name, "a string");
  if (shape === "number") {
    const isNumber = typeof value === "number" || isExactNumber(value);
    return isNumber ? undefined : mustBe(name, "a number");
  }
  if (typeof shape === "object" && "listOf" in shape) {
    if (!isArray(value)) return mustBe(name, "an array");
    for (const item of value) {
      const problem = memberProblem(name, item, shape.listOf, isStrict);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  if (!isStructure(value)) return mustBe(name, "an object");
  return shape === "object" ? undefined : problemOf(value, shape, isStrict);
};

const mustBe = (name: string, what: string): string => `Field '${name}' must be ${what}`;
