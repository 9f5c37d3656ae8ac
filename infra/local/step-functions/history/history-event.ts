// https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html

/** What happened, in AWS's word. */
export type EventType =
  | "ExecutionStarted"
  | "ExecutionSucceeded"
  | "ExecutionFailed"
  | "ExecutionTimedOut"
  | "ExecutionAborted"
  | "PassStateEntered"
  | "PassStateExited"
  | "SucceedStateEntered"
  | "SucceedStateExited"
  | "FailStateEntered"
  | "ChoiceStateEntered"
  | "ChoiceStateExited"
  | "WaitStateEntered"
  | "WaitStateExited"
  | "WaitStateAborted"
  | "TaskStateEntered"
  | "TaskStateExited"
  | "TaskStateAborted"
  | "TaskScheduled"
  | "TaskStarted"
  | "TaskSucceeded"
  | "TaskFailed"
  | "TaskTimedOut"
  | "LambdaFunctionScheduled"
  | "LambdaFunctionStarted"
  | "LambdaFunctionSucceeded"
  | "LambdaFunctionFailed"
  | "LambdaFunctionTimedOut"
  | "MapStateEntered"
  | "MapStateExited"
  | "MapStateStarted"
  | "MapStateSucceeded"
  | "MapStateFailed"
  | "MapStateAborted"
  | "MapIterationStarted"
  | "MapIterationSucceeded"
  | "MapIterationFailed"
  | "MapIterationAborted"
  | "ParallelStateEntered"
  | "ParallelStateExited"
  | "ParallelStateStarted"
  | "ParallelStateSucceeded"
  | "ParallelStateFailed"
  | "ParallelStateAborted"
  | "EvaluationFailed";

/** The members of an event's details. Payloads (input, output, parameters, assignedVariables) are values until they are written. */
export type EventDetails = Readonly<Record<string, unknown>>;

/** One event of an execution. Ids begin at 1 and have no gaps. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly atMs: number;
  readonly type: EventType;
  readonly details: EventDetails | undefined;
}

/** Takes an execution's events as they happen. */
export interface EventSink {
  /** False where nobody will look at events of this type, so that their details need not be put together. */
  wants(type: EventType): boolean;
  take(event: HistoryEvent): void;
}
