// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
import { type ChildProcess, spawn } from "node:child_process";
import { devNull } from "node:os";
import { fileURLToPath } from "node:url";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import {
  type FunctionDescription,
  failure,
  type InvocationResult,
} from "./function-description.ts";

// What is new lies in two or three of these until it is collected. V8's own 16 MB and more fill up within some hundred calls, in
// each process, and hold nothing that anybody needs. Half of this costs a fifth more CPU where a call is about 200 devices.
const SEMI_SPACE_MB = 4;
// glibc gives back what lies between two things that are in use only where it was mapped by itself. What V8 takes to compile, 20 MB
// of pieces of 32 KiB for a long function, comes that way and goes when it has compiled. With a limit of its own glibc no longer finds
// the second: without it each 128 KiB would be given back and taken again. https://man7.org/linux/man-pages/man3/mallopt.3.html
const MALLOC = { MALLOC_MMAP_THRESHOLD_: "32768", MALLOC_TRIM_THRESHOLD_: "2097152" };
const BOOTSTRAP = fileURLToPath(new URL("./bootstrap.mjs", import.meta.url));

/** Kills a process and whatever it started, as far as that has not left its group. */
export const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Gone already.
  }
};

/** What a call is told whose process ended under it. */
export const exitError = (
  requestId: string,
  code: number | null,
  signal: NodeJS.Signals | null,
): InvocationResult => {
  const how =
    signal !== null
      ? `Runtime exited with error: signal: ${signal === "SIGKILL" ? "killed" : signal}`
      : code === 0 || code === null
        ? "Runtime exited without providing a reason"
        : `Runtime exited with error: exit status ${code}`;
  return failure("Runtime.ExitError", `RequestId: ${requestId} Error: ${how}`);
};

/** Starts the bootstrap with the function's environment and nothing of ours. */
export const spawnBootstrap = (
  description: FunctionDescription,
  setup: {
    readonly access: AwsAccess;
    /** Marks the end of what a call printed. */
    readonly token: string;
    readonly logStreamName: string;
    readonly restMs: number;
  },
): ChildProcess => {
  const { name, memorySizeMb, codeDirectory } = description;
  const { endpoint, region, credentials } = setup.access;
  return spawn(
    process.execPath,
    [
      // As in AWS: nine tenths of the memory for the heap.
      `--max-old-space-size=${Math.max(64, Math.floor(memorySizeMb * 0.9))}`,
      `--max-semi-space-size=${SEMI_SPACE_MB}`,
      // A heap of 10 MB is collected sooner than threads are woken for it, some ten times a call; and each has memory of its own.
      "--single-threaded-gc",
      // For the bootstrap alone, which takes it away from the handler.
      "--expose-gc",
      BOOTSTRAP,
    ],
    {
      cwd: codeDirectory,
      detached: true,
      // The fourth is the runtime's channel.
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: {
        LANG: "en_US.UTF-8",
        TZ: ":UTC",
        PATH: "/usr/local/bin:/usr/bin:/bin",
        // Whatever the person at the keyboard has set up for AWS is none of the function's business.
        AWS_CONFIG_FILE: devNull,
        AWS_SHARED_CREDENTIALS_FILE: devNull,
        AWS_EC2_METADATA_DISABLED: "true",
        // There is no X-Ray daemon; traces are not sampled (Sampled=0), and their absence is no error.
        AWS_XRAY_CONTEXT_MISSING: "IGNORE_ERROR",
        ...MALLOC,
        ...description.environment,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        ...(credentials.sessionToken === undefined
          ? {}
          : { AWS_SESSION_TOKEN: credentials.sessionToken }),
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySizeMb),
        AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
        AWS_LAMBDA_LOG_GROUP_NAME: description.logGroupName ?? `/aws/lambda/${name}`,
        AWS_LAMBDA_LOG_STREAM_NAME: setup.logStreamName,
        LAMBDA_TASK_ROOT: codeDirectory,
        LAMBDA_RUNTIME_DIR: codeDirectory,
        LOCAL_ENVIRONMENT_TOKEN: setup.token,
        LOCAL_REST_MS: String(setup.restMs),
        ...(description.compileCacheDirectory === undefined
          ? {}
          : { LOCAL_COMPILE_CACHE: description.compileCacheDirectory }),
        _HANDLER: description.handler,
      },
    },
  );
};
