import { isArray, isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import { readResource } from "../tasks/resource.ts";
import type { Catcher, ChoiceRule, Machine, Retrier, State, StateGroup } from "./asl.ts";
import { FieldCompiler } from "./compile-fields.ts";
import { compilePathFields } from "./compile-path-state.ts";
import { languageOf, type QueryLanguage } from "./query-language.ts";
import type { Template } from "./template.ts";

/** Prepares a definition that was found valid: every expression is parsed once, for all executions. */
export const compileMachine = (definition: JsonObject): Machine => {
  const { TimeoutSeconds: timeoutSeconds } = definition;
  return {
    ...compileGroup(definition, machineLanguage(definition)),
    ...(typeof timeoutSeconds === "number" ? { timeoutSeconds } : {}),
  };
};

/** The language of a definition's states where they do not choose one. */
export const machineLanguage = (definition: JsonObject): QueryLanguage =>
  definition.QueryLanguage === "JSONata" ? "JSONata" : "JSONPath";

const compileGroup = (group: JsonObject, machine: QueryLanguage): StateGroup => ({
  startAt: text(group.StartAt),
  states: new Map(
    Object.entries(object(group.States)).map(([name, state]) => [
      name,
      compileState(name, object(state), machine),
    ]),
  ),
});

/** Prepares one state. */
export const compileState = (name: string, state: JsonObject, machine: QueryLanguage): State => {
  const language = languageOf(state, machine);
  const fields = new FieldCompiler(state, language);
  const common = {
    name,
    ...(language === "JSONPath" ? { path: compilePathFields(state) } : {}),
  };
  const following = typeof state.Next === "string" ? { next: state.Next } : {};
  const producing = producingOf(fields, language);
  const recovering = () => ({
    retry: list(state.Retry).map(compileRetrier),
    catch: list(state.Catch).map((catcher, index) => compileCatcher(catcher, index, language)),
  });
  switch (text(state.Type)) {
    case "Pass":
      return {
        type: "Pass",
        ...common,
        ...following,
        ...producing,
        ...(language === "JSONPath" ? only({ result: passResult(state, fields) }) : {}),
      };
    case "Succeed":
      return { type: "Succeed", ...common, ...producing };
    case "Fail":
      return {
        type: "Fail",
        ...common,
        ...only({ error: fields.value("Error"), cause: fields.value("Cause") }),
      };
    case "Choice":
      return {
        type: "Choice",
        ...common,
        ...producing,
        choices: list(state.Choices).map((rule, index) => compileRule(rule, index, language)),
        ...(typeof state.Default === "string" ? { default: state.Default } : {}),
      };
    case "Wait":
      return {
        type: "Wait",
        ...common,
        ...following,
        ...producing,
        ...only({ seconds: fields.value("Seconds"), timestamp: fields.value("Timestamp") }),
      };
    case "Task":
      return {
        type: "Task",
        ...common,
        ...following,
        ...producing,
        ...recovering(),
        resource: resourceOf(text(state.Resource)),
        ...only({
          arguments: fields.template("Arguments", "Parameters"),
          credentialsRoleArn: new FieldCompiler(
            object(state.Credentials),
            language,
            "Credentials/",
          ).value("RoleArn"),
          timeoutSeconds: fields.value("TimeoutSeconds"),
          heartbeatSeconds: fields.value("HeartbeatSeconds"),
        }),
      };
    case "Map":
      return {
        type: "Map",
        ...common,
        ...following,
        ...producing,
        ...recovering(),
        ...only({
          items: fields.value("Items"),
          // Before there was an ItemSelector, a Map of JSONPath called it Parameters.
          itemSelector: fields.template(
            "ItemSelector",
            state.ItemSelector === undefined ? "Parameters" : "ItemSelector",
          ),
          maxConcurrency: fields.value("MaxConcurrency"),
          toleratedFailureCount: fields.value("ToleratedFailureCount"),
          toleratedFailurePercentage: fields.value("ToleratedFailurePercentage"),
        }),
        processor: compileGroup(object(state.ItemProcessor ?? state.Iterator), machine),
      };
    case "Parallel":
      return {
        type: "Parallel",
        ...common,
        ...following,
        ...producing,
        ...recovering(),
        ...only({ arguments: fields.template("Arguments", "Parameters") }),
        branches: list(state.Branches).map((branch) => compileGroup(branch, machine)),
      };
    default:
      throw new Error(`The state ${name} was not checked: its type is ${String(state.Type)}`);
  }
};

const passResult = (state: JsonObject, fields: FieldCompiler): Template | undefined => {
  if (state.Parameters !== undefined) return fields.template("Parameters", "Parameters");
  return state.Result === undefined ? undefined : { kind: "constant", value: state.Result };
};

const compileRule = (rule: JsonObject, index: number, language: QueryLanguage): ChoiceRule => {
  const fields = new FieldCompiler(rule, language, `Choices[${index}]/`);
  return {
    ...producingOf(fields, language),
    condition: fields.value("Condition") ?? { kind: "constant", value: false },
    next: text(rule.Next),
  };
};

// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html: the values where nothing is said.
const compileRetrier = (retrier: JsonObject): Retrier => ({
  errorEquals: strings(retrier.ErrorEquals),
  intervalSeconds: number(retrier.IntervalSeconds, 1),
  maxAttempts: number(retrier.MaxAttempts, 3),
  backoffRate: number(retrier.BackoffRate, 2),
  ...(typeof retrier.MaxDelaySeconds === "number"
    ? { maxDelaySeconds: retrier.MaxDelaySeconds }
    : {}),
  jitter: retrier.JitterStrategy === "FULL",
});

const compileCatcher = (catcher: JsonObject, index: number, language: QueryLanguage): Catcher => ({
  ...producingOf(new FieldCompiler(catcher, language, `Catch[${index}]/`), language),
  ...(language === "JSONPath" ? { path: compilePathFields(catcher) } : {}),
  errorEquals: strings(catcher.ErrorEquals),
  next: text(catcher.Next),
});

const producingOf = (fields: FieldCompiler, language: QueryLanguage) =>
  only({
    assign: fields.assign(),
    output: language === "JSONata" ? fields.value("Output") : undefined,
  });

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

// Leaves out what is absent, so that an absent field is absent and not undefined.
const only = <T extends object>(members: T): Present<T> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Present<T>;

const resourceOf = (arn: string) => {
  const read = readResource(arn);
  return "known" in read ? read.known : ({ kind: "not emulated", arn } as const);
};

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const object = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const number = (value: Json | undefined, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;
const list = (value: Json | undefined): readonly JsonObject[] =>
  isArray(value) ? value.map(object) : [];
const strings = (value: Json | undefined): readonly string[] =>
  isArray(value) ? value.filter((item) => typeof item === "string") : [];
