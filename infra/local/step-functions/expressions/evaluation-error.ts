/** A limit that an evaluation has met; its message is AWS's. */
export class LimitExceeded extends Error {
  override readonly name: string = "LimitExceeded";
}

/** What AWS tells of no more than that it went wrong, under a number of its own. */
export class InternalError extends Error {
  override readonly name = "InternalError";
}

/** What AWS says of an expression that handles too much. */
export const OUT_OF_MEMORY_MESSAGE =
  "Expression evaluation memory limit exceeded: Check for excessive memory usage";

/** An evaluation that went too deep, in AWS's words. */
export class StackExceeded extends LimitExceeded {
  override readonly name = "StackExceeded";

  constructor() {
    super(
      "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive",
    );
  }
}
