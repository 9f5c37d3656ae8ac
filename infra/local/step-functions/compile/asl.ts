// The Amazon States Language, read: https://states-language.net/spec.html and
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html

import type { Resource } from "../tasks/resource.ts";
import type { PathFields } from "./path-fields.ts";
import type { Template } from "./template.ts";

/** The states of a machine, of a Map's processor or of a Parallel's branch. */
export interface StateGroup {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/** A whole definition. */
export interface Machine extends StateGroup {
  readonly timeoutSeconds?: number;
}

interface Named {
  readonly name: string;
  /** Present for a state of JSONPath in a machine of JSONata. */
  readonly path?: PathFields;
}

interface Following {
  /** Absent: the state is the last one. */
  readonly next?: string;
}

/** The variables that a state sets, each with its template. */
export type Assign = readonly (readonly [string, Template])[];

interface Producing {
  readonly assign?: Assign;
  readonly output?: Template;
}

/** One entry of Retry. */
export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds?: number;
  readonly jitter: boolean;
}

/** One entry of Catch. */
export interface Catcher extends Producing {
  /** In a state of JSONPath: where in the input the error goes. */
  readonly path?: PathFields;
  readonly errorEquals: readonly string[];
  readonly next: string;
}

interface Recovering {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

/** Hands its input on, changed or not. */
export interface PassState extends Named, Following, Producing {
  readonly type: "Pass";
  /** Parameters or Result of a Pass of JSONPath. */
  readonly result?: Template;
}

/** Ends its group well. */
export interface SucceedState extends Named, Producing {
  readonly type: "Succeed";
}

/** Ends its group with an error. */
export interface FailState extends Named {
  readonly type: "Fail";
  readonly error?: Template;
  readonly cause?: Template;
}

/** One rule of a Choice. */
export interface ChoiceRule extends Producing {
  readonly condition: Template;
  readonly next: string;
}

/** Goes where the first rule that is true leads. */
export interface ChoiceState extends Named, Producing {
  readonly type: "Choice";
  readonly choices: readonly ChoiceRule[];
  readonly default?: string;
}

/** Waits for seconds, or until a time. */
export interface WaitState extends Named, Following, Producing {
  readonly type: "Wait";
  readonly seconds?: Template;
  readonly timestamp?: Template;
}

/** Calls a service. */
export interface TaskState extends Named, Following, Producing, Recovering {
  readonly type: "Task";
  readonly resource: Resource;
  readonly arguments?: Template;
  readonly credentialsRoleArn?: Template;
  readonly timeoutSeconds?: Template;
  readonly heartbeatSeconds?: Template;
}

/** Runs a group of states for each item. */
export interface MapState extends Named, Following, Producing, Recovering {
  readonly type: "Map";
  readonly items?: Template;
  readonly itemSelector?: Template;
  readonly maxConcurrency?: Template;
  readonly toleratedFailureCount?: Template;
  readonly toleratedFailurePercentage?: Template;
  readonly processor: StateGroup;
}

/** Runs groups of states side by side. */
export interface ParallelState extends Named, Following, Producing, Recovering {
  readonly type: "Parallel";
  readonly arguments?: Template;
  readonly branches: readonly StateGroup[];
}

/** Any state. */
export type State =
  | PassState
  | SucceedState
  | FailState
  | ChoiceState
  | WaitState
  | TaskState
  | MapState
  | ParallelState;
