// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html

/** An error inside an execution: it is retried, caught, or ends the execution. Both parts may be absent, as in a Fail state. */
export class StateFailure extends Error {
  override readonly name: string = "StateFailure";
  readonly error: string | undefined;
  readonly reason: string | undefined;

  constructor(error: string | undefined, reason: string | undefined) {
    super(`${error ?? "(no error)"}: ${reason ?? "(no cause)"}`);
    this.error = error;
    this.reason = reason;
  }
}

/** An expression, or what one gave, could not be used. `location` is the field, e.g. `Arguments/FunctionName`. */
export class EvaluationFailure extends StateFailure {
  override readonly name: string = "EvaluationFailure";
  readonly location: string | undefined;
  #told = false;

  constructor(reason: string, location: string | undefined) {
    super("States.QueryEvaluationError", reason);
    this.location = location;
  }

  /** True the first time: a failure goes up through the Maps and Parallels around it, its event is recorded once. */
  isNews(): boolean {
    const isNews = !this.#told;
    this.#told = true;
    return isNews;
  }
}

/** Claims that a failure ends the execution at once: measured on AWS, no Map or Parallel around it records that it failed. */
export const endsExecution = (failure: StateFailure): boolean => failure.error === "States.Runtime";

/** The failure of a payload over the limit; `what` is the state's name, or what the task called. */
export const dataLimitExceeded = (what: string): StateFailure =>
  new StateFailure(
    "States.DataLimitExceeded",
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
