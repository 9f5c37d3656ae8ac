/** A function as the template describes it, references resolved. */
export interface FunctionDescription {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Where the bundle lies; the handler's working directory. */
  readonly codeDirectory: string;
  /** Where what V8 makes of the code is kept, for the next process that loads it; absent: nowhere. */
  readonly compileCacheDirectory?: string;
  /** File and export, e.g. `index.handler`. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memorySizeMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroupName?: string;
  readonly reservedConcurrency?: number;
}

/** What the template says of a function, as the API answers it. */
export const configurationOf = (description: FunctionDescription) => ({
  FunctionName: description.name,
  FunctionArn: description.arn,
  Role: description.roleArn,
  Runtime: "nodejs24.x",
  Handler: description.handler,
  Timeout: description.timeoutSeconds,
  MemorySize: description.memorySizeMb,
  Version: "$LATEST",
  State: "Active",
  LastUpdateStatus: "Successful",
  PackageType: "Zip",
  Environment: { Variables: description.environment },
  LoggingConfig: {
    LogFormat: "Text",
    LogGroup: description.logGroupName ?? `/aws/lambda/${description.name}`,
  },
});

/** One call of a function. */
export interface Invocation {
  readonly requestId: string;
  readonly payload: Buffer;
  /** The client context as JSON. */
  readonly clientContext?: string;
  readonly traceId: string;
  /** Asks for the end of the log with the result. */
  readonly tail: boolean;
  /** Nobody waits for its result. */
  readonly isEvent?: boolean;
}

/** What a call came to: the handler's result, or an error in Lambda's JSON shape. */
export interface InvocationResult {
  readonly failed: boolean;
  readonly payload: Buffer;
  /** The last 4 KB of this call's log, where the call asked for it. */
  readonly logTail?: string;
}

/** An error in the shape that Lambda gives to the caller. */
export const failure = (errorType: string, errorMessage: string): InvocationResult => ({
  failed: true,
  payload: Buffer.from(JSON.stringify({ errorType, errorMessage })),
});
