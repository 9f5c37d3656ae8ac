import { readFileSync } from "node:fs";
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { FunctionError, type Handler } from "./support.ts";

const FILE = new URL("./recordings/executions.json", import.meta.url);

/** One execution that was recorded against AWS by LocalStack's test suite (Apache-2.0). */
export interface Recording {
  readonly id: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly input: unknown;
  readonly expected: {
    readonly status: string;
    readonly output?: unknown;
    readonly error?: string | null;
    readonly cause?: unknown;
  };
  readonly events: readonly { readonly type: string }[];
  readonly lambdas: Readonly<Record<string, string>>;
}

/** All of them. (recordings/NOTICE.txt) */
export const recordings = JSON.parse(readFileSync(FILE, "utf8")) as readonly Recording[];

const raised = (errorType: string, errorMessage: string, raise: string): Handler => {
  return () => {
    const stackTrace = [`  File "/var/task/handler.py", line 2, in handler\n    ${raise}\n`];
    const requestId = crypto.randomUUID();
    // Python's runtime writes a blank behind each comma and colon.
    throw new FunctionError(
      `{"errorMessage": ${JSON.stringify(errorMessage)}, "errorType": "${errorType}", "requestId": "${requestId}", "stackTrace": ${JSON.stringify(stackTrace)}}`,
    );
  };
};

const HANDLERS: Readonly<Record<string, Handler>> = {
  "id_function.py": (event) => event,
  "echo_function.py": (event) => event,
  "return_decorated_input.py": (event) => `input-event-${String(event)}`,
  "large_output_string.py": () => "x".repeat(300_000),
  "raise_exception.py": raised(
    "Exception",
    "Some exception was raised.",
    'raise Exception("Some exception was raised.")',
  ),
  "raise_custom_exception.py": raised("CustomException", "", "raise CustomException()"),
};

/** The functions of a recording. */
export const handlersOf = (recording: Recording): Readonly<Record<string, Handler>> =>
  Object.fromEntries(
    Object.entries(recording.lambdas).map(([name, file]) => [
      name,
      HANDLERS[file] ??
        (() => {
          throw new Error(`No handler for ${file}`);
        }),
    ]),
  );

// What the recorder put in the place of what differs from run to run.
const WILDCARD =
  /<[A-Za-z][^<>]*>|\b(?:timestamp|date|snf_role_arn|lambda_function_name|fn-eval-\d+)\b/;
const IGNORED: ReadonlySet<string> = new Set(["SdkHttpMetadata", "SdkResponseMetadata"]);

/** Claims that what came out is what was recorded, its placeholders aside. */
export const isAsRecorded = (recorded: unknown, actual: unknown): boolean => {
  if (typeof recorded === "string" && typeof actual === "string") {
    return sameText(recorded, actual);
  }
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    return (
      recorded.length === actual.length &&
      recorded.every((item, index) => isAsRecorded(item, actual[index]))
    );
  }
  if (isObject(recorded) && isObject(actual)) {
    const names = (object: object): readonly string[] =>
      Object.keys(object).filter((name) => !IGNORED.has(name));
    return (
      names(recorded).length === names(actual).length &&
      names(recorded).every((name) => isAsRecorded(recorded[name], actual[name]))
    );
  }
  // The recorder parsed text that held a JSON object.
  if (isObject(recorded) && typeof actual === "string") {
    const parsed = parsedOr(actual);
    return isObject(parsed) && isAsRecorded(recorded, parsed);
  }
  return recorded === actual;
};

const sameText = (recorded: string, actual: string): boolean => {
  if (recorded === actual) return true;
  const a = parsedOr(recorded);
  const b = parsedOr(actual);
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
    return isAsRecorded(a, b);
  }
  if (!WILDCARD.test(recorded)) return false;
  const pattern = recorded
    .split(new RegExp(WILDCARD, "g"))
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("[^]*");
  return new RegExp(`^${pattern}$`).test(actual);
};

const parsedOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The types of the events; where branches ran side by side their order between each other is AWS's chance. */
export const eventTypes = (events: readonly { readonly type?: string | undefined }[]) =>
  events.map(({ type }) => type);

/** The members of an event that are the same whenever it happens. */
export const detailsOf = (event: HistoryEvent | { readonly type: string }): unknown => {
  const { timestamp, previousEventId, id, ...rest } = event as unknown as Record<string, unknown>;
  void timestamp;
  void previousEventId;
  void id;
  return rest;
};
