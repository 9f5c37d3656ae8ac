// Which fields a state may have: https://states-language.net/spec.html and the pages of the states in
// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html

/** The kinds of states. */
export const STATE_TYPES = [
  "Pass",
  "Succeed",
  "Fail",
  "Choice",
  "Wait",
  "Task",
  "Map",
  "Parallel",
] as const;

/** One of the kinds of states. */
export type StateType = (typeof STATE_TYPES)[number];

interface Fields {
  readonly required: readonly string[];
  /** In both query languages. */
  readonly both: readonly string[];
  readonly jsonata: readonly string[];
  readonly jsonPath: readonly string[];
}

const PATHS = ["InputPath", "OutputPath"];
const RESULT_PATHS = [...PATHS, "Parameters", "ResultPath", "ResultSelector"];

/** Every field of every kind of state, Type, Comment and QueryLanguage aside. */
export const STATE_FIELDS: Readonly<Record<StateType, Fields>> = {
  Pass: {
    required: [],
    both: ["Next", "End", "Assign"],
    jsonata: ["Output"],
    jsonPath: [...PATHS, "Parameters", "Result", "ResultPath"],
  },
  Succeed: { required: [], both: [], jsonata: ["Output"], jsonPath: PATHS },
  Fail: {
    required: [],
    both: ["Error", "Cause"],
    jsonata: [],
    jsonPath: ["ErrorPath", "CausePath"],
  },
  Choice: {
    required: ["Choices"],
    both: ["Choices", "Default", "Assign"],
    jsonata: ["Output"],
    jsonPath: PATHS,
  },
  Wait: {
    required: [],
    both: ["Next", "End", "Assign", "Seconds", "Timestamp"],
    jsonata: ["Output"],
    jsonPath: [...PATHS, "SecondsPath", "TimestampPath"],
  },
  Task: {
    required: ["Resource"],
    both: [
      "Next",
      "End",
      "Assign",
      "Resource",
      "Credentials",
      "TimeoutSeconds",
      "HeartbeatSeconds",
      "Retry",
      "Catch",
    ],
    jsonata: ["Arguments", "Output"],
    jsonPath: [...RESULT_PATHS, "TimeoutSecondsPath", "HeartbeatSecondsPath"],
  },
  Map: {
    required: [],
    both: [
      "Next",
      "End",
      "Assign",
      "ItemProcessor",
      "Iterator",
      "ItemSelector",
      "ItemReader",
      "ItemBatcher",
      "ResultWriter",
      "Label",
      "MaxConcurrency",
      "ToleratedFailureCount",
      "ToleratedFailurePercentage",
      "Retry",
      "Catch",
    ],
    jsonata: ["Items", "Output"],
    jsonPath: [
      ...RESULT_PATHS,
      "ItemsPath",
      "MaxConcurrencyPath",
      "ToleratedFailureCountPath",
      "ToleratedFailurePercentagePath",
    ],
  },
  Parallel: {
    required: ["Branches"],
    both: ["Next", "End", "Assign", "Branches", "Retry", "Catch"],
    jsonata: ["Arguments", "Output"],
    jsonPath: RESULT_PATHS,
  },
};

/** Fields that every state may have. */
export const COMMON_FIELDS: readonly string[] = ["Type", "Comment", "QueryLanguage"];
