import type { Json } from "#local/wire/json.ts";
import type { StateFailure } from "../values/state-failure.ts";

/** What is seen of a state that is tested by itself. */
export type Finding =
  | "afterArguments"
  | "maxConcurrency"
  | "result"
  | "toleratedFailureCount"
  | "toleratedFailurePercentage";

/** Ends a test where an execution would wait and try again. */
export class Retriable extends Error {
  override readonly name = "Retriable";
  readonly retryIndex: number;
  readonly delaySeconds: number;
  readonly failure: StateFailure;

  constructor(retryIndex: number, delaySeconds: number, failure: StateFailure) {
    super("The state would be tried again.");
    this.retryIndex = retryIndex;
    this.delaySeconds = delaySeconds;
    this.failure = failure;
  }
}

/** How TestState puts its values into one visit of a state, and looks at what becomes of them. */
export class Probe {
  /** Takes the place of what the state would do: a Task's call, a Map's iterations, a Parallel's branches. */
  readonly mock: { readonly result: Json } | { readonly failure: StateFailure } | undefined;
  /** How often the retrier that takes the error has been used before. */
  readonly retrierRetryCount: number;
  /** How many of a Map's iterations are said to have failed. */
  readonly mapIterationFailureCount: number | undefined;
  readonly context: Json | undefined;
  readonly findings = new Map<Finding, Json>();
  /** The catcher that took the failure. */
  caught: { readonly index: number; readonly failure: StateFailure } | undefined;
  /** The retrier that the failure belongs to, also when it has been used up. */
  retryIndex: number | undefined;

  constructor(options: {
    readonly mock?: Probe["mock"];
    readonly retrierRetryCount?: number | undefined;
    readonly mapIterationFailureCount?: number | undefined;
    readonly context?: Json | undefined;
  }) {
    this.mock = options.mock;
    this.retrierRetryCount = options.retrierRetryCount ?? 0;
    this.mapIterationFailureCount = options.mapIterationFailureCount;
    this.context = options.context;
  }

  /** The mock's result. @throws StateFailure where the mock is an error */
  mocked(): Json | undefined {
    if (this.mock === undefined) return undefined;
    if ("failure" in this.mock) throw this.mock.failure;
    return this.mock.result;
  }
}
