// What runs inside an execution environment: takes an event from its pipe (runtime-channel.ts), calls the handler, answers.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// Plain JavaScript: stripping types would add 40 ms to every cold start.
/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-argument, typescript/no-unsafe-return */
import { enableCompileCache, flushCompileCache } from "node:module";
import { Socket } from "node:net";
import { pathToFileURL } from "node:url";
import { format } from "node:util";

const {
  LOCAL_ENVIRONMENT_TOKEN: token = "",
  LOCAL_COMPILE_CACHE: compileCache,
  LOCAL_REST_MS: restMs,
} = process.env;
// Lambda has no such variables; the handler must not see them.
delete process.env.LOCAL_ENVIRONMENT_TOKEN;
delete process.env.LOCAL_COMPILE_CACHE;
delete process.env.LOCAL_REST_MS;
delete process.env.MALLOC_MMAP_THRESHOLD_;
delete process.env.MALLOC_TRIM_THRESHOLD_;
// Half of a cold start is the compiling of a bundle that many processes load, one after the other.
// https://nodejs.org/api/module.html#module-compile-cache
if (compileCache !== undefined) enableCompileCache(compileCache);
// Whoever imports node:http, as the SDK does for an address without TLS, has each of its exports read; three of them load a library
// of 10 MB in 25 ms. In AWS the SDK's address has TLS. globalThis.WebSocket is as ever.
// https://nodejs.org/api/http.html#class-websocket
const http = process.getBuiltinModule("node:http");
for (const name of ["WebSocket", "CloseEvent", "MessageEvent"]) delete http[name];
// As without the flag: a handler has no gc.
const { gc: collect } = globalThis;
globalThis.gc = undefined;
const stdoutWrite = process.stdout.write.bind(process.stdout);
// Has anything been printed since the last mark? Also while it was loaded.
let hasPrinted = true;
const write = (...parts) => {
  hasPrinted = true;
  return stdoutWrite(...parts);
};
process.stdout.write = write;

const LENGTHS = 8;
// The pipe that spawnBootstrap made. Without it there is nothing left to do.
const channel = new Socket({ fd: 3, readable: true, writable: true });
channel.on("error", () => process.exit(0));
channel.on("close", () => process.exit(0));

/** Says something to Lambda; `sent` is called when it is on its way. */
const tell = (head, body, sent) => {
  const first = Buffer.from(JSON.stringify(head));
  const second = Buffer.from(body);
  const lengths = Buffer.allocUnsafe(LENGTHS);
  lengths.writeUInt32BE(first.length, 0);
  lengths.writeUInt32BE(second.length, 4);
  channel.write(Buffer.concat([lengths, first, second]), sent);
};

const maxMemoryKb = () => process.resourceUsage().maxRSS;

const describeError = (error) => {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return {
    errorType: error.name || "Error",
    errorMessage: error.message,
    trace: (error.stack ?? "").split("\n"),
  };
};

let requestId = "";

/** What AWS's own runtime prints of an error before it reports it. */
const printError = (kind, error) => {
  const { errorType, errorMessage, trace } = describeError(error);
  const shown = {
    errorType,
    errorMessage,
    ...(error instanceof Error && "code" in error ? { code: error.code } : {}),
    stack: trace,
  };
  write(
    `${new Date().toISOString()}\t${requestId || "undefined"}\tERROR\t${kind}\t${JSON.stringify(shown)}\n`,
  );
};

const errorText = (error) => JSON.stringify(describeError(error));

const named = (name, message) => Object.assign(new Error(message), { name });

/** Lambda's text format: time, request id, level and message, a line each. */
const patchConsole = () => {
  const levels = {
    log: "INFO",
    info: "INFO",
    warn: "WARN",
    error: "ERROR",
    debug: "DEBUG",
    trace: "TRACE",
  };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...parts) => {
      const line = format(...parts).replaceAll("\n", "\r");
      write(`${new Date().toISOString()}\t${requestId || "undefined"}\t${level}\t${line}\n`);
    };
  }
};

/** The store that AWS's SDK, the X-Ray SDK and Powertools ask for the trace and the request (package @aws/lambda-invoke-store). */
const invokeStore = () => {
  const REQUEST_ID = Symbol.for("_AWS_LAMBDA_REQUEST_ID");
  const X_RAY_TRACE_ID = Symbol.for("_AWS_LAMBDA_X_RAY_TRACE_ID");
  const TENANT_ID = Symbol.for("_AWS_LAMBDA_TENANT_ID");
  let context;
  return {
    run: (fields, work) => {
      context = { [REQUEST_ID]: fields.requestId, [X_RAY_TRACE_ID]: fields.traceId };
      return work();
    },
    getContext: () => context,
    hasContext: () => context !== undefined,
    get: (key) => context?.[key],
    set: (key, value) => {
      if ([REQUEST_ID, X_RAY_TRACE_ID, TENANT_ID].includes(key)) {
        throw new Error(`Cannot modify protected Lambda context field: ${String(key)}`);
      }
      context ??= {};
      context[key] = value;
    },
    getRequestId: () => context?.[REQUEST_ID] ?? "-",
    getXRayTraceId: () => context?.[X_RAY_TRACE_ID],
    getTenantId: () => undefined,
    getTraceparent: () => undefined,
    getTracestate: () => undefined,
    getBaggage: () => undefined,
  };
};

const loadHandler = async () => {
  const name = process.env._HANDLER ?? "";
  const [, file, exported] = /^(.+)\.([^./]+)$/.exec(name) ?? [];
  if (file === undefined || exported === undefined) {
    throw named("Runtime.MalformedHandlerName", "Bad handler");
  }
  let module;
  const missing = [];
  for (const extension of [".mjs", ".js", ".cjs"]) {
    const url = pathToFileURL(`${process.env.LAMBDA_TASK_ROOT}/${file}${extension}`).href;
    try {
      module = await import(url);
      break;
    } catch (error) {
      // Only the file itself may be missing; what it imports may not.
      if (error?.code !== "ERR_MODULE_NOT_FOUND" || error.url !== url) {
        if (error instanceof SyntaxError) {
          throw Object.assign(
            named("Runtime.UserCodeSyntaxError", `SyntaxError: ${error.message}`),
            { stack: error.stack },
          );
        }
        if (error?.code === "ERR_MODULE_NOT_FOUND" || error?.code === "MODULE_NOT_FOUND") {
          throw Object.assign(named("Runtime.ImportModuleError", `Error: ${error.message}`), {
            stack: error.stack,
          });
        }
        throw error;
      }
      missing.push(`${file}${extension}`);
    }
  }
  if (module === undefined) {
    throw named(
      "Runtime.ImportModuleError",
      `Error: Cannot find module '${file}' (looked for ${missing.join(", ")})`,
    );
  }
  const handler = module[exported] ?? module.default?.[exported];
  if (handler === undefined) {
    throw named("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  }
  if (typeof handler !== "function") {
    throw named("Runtime.HandlerNotFound", `${name} is not a function`);
  }
  if (handler.length >= 3) {
    throw named(
      "Runtime.CallbackHandlerDeprecated",
      "AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.",
    );
  }
  return handler;
};

const stringify = (result) => {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch (cause) {
    throw new Error("Unable to stringify response body", { cause });
  }
};

const contextOf = ({ requestId, deadlineMs, functionArn, traceId, clientContext }) => ({
  clientContext: clientContext === undefined ? undefined : JSON.parse(clientContext),
  identity: undefined,
  invokedFunctionArn: functionArn,
  awsRequestId: requestId,
  tenantId: undefined,
  xRayTraceId: traceId,
  getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
});

const store = invokeStore();
globalThis.awslambda = {
  InvokeStore: store,
  streamifyResponse: () => {
    throw new Error("The local stack does not imitate Lambda response streaming.");
  },
};

patchConsole();

// As in AWS, what nobody catches ends the environment, and with it the invocation.
const die = (kind, exitCode, describe) => (error) => {
  printError(kind, describe(error));
  const head =
    requestId === ""
      ? { kind: "initError" }
      : { kind: "died", requestId, maxMemoryKb: maxMemoryKb() };
  tell(head, errorText(describe(error)), () => process.exit(exitCode));
};
process.on(
  "uncaughtException",
  die("Uncaught Exception", 129, (error) => error),
);
process.on(
  "unhandledRejection",
  die("Unhandled Promise Rejection", 128, (reason) =>
    Object.assign(named("Runtime.UnhandledPromiseRejection", String(reason)), {
      stack: reason instanceof Error ? `Runtime.UnhandledPromiseRejection: ${reason.stack}` : "",
    }),
  ),
);

const invoke = async (handler, event, payload) => {
  const context = contextOf(event);
  requestId = context.awsRequestId;
  const { traceId } = event;
  process.env._X_AMZN_TRACE_ID = traceId;
  clearTimeout(rest);
  let kind = "response";
  let answer;
  try {
    const result = await store.run({ requestId, traceId }, () =>
      handler(JSON.parse(payload), context),
    );
    answer = stringify(result);
  } catch (error) {
    printError("Invoke Error", error);
    kind = "error";
    answer = errorText(error);
  }
  // Tells the parent that it has read all that this call printed; the answer goes another way and may be faster. A call that
  // printed nothing says so there: a second pipe to write and to read costs as much as a short handler.
  const isMarked = hasPrinted;
  if (isMarked) stdoutWrite(`\0${token}\n`);
  hasPrinted = false;
  tell({ kind, requestId, maxMemoryKb: maxMemoryKb(), isMarked }, answer);
  restSoon();
};

// Where AWS freezes an environment, this one gives back what it needed to start and to be fast: some 10 MB of each process, for 40 ms
// of CPU, and what it has compiled. Once a minute at the most, and only when it has grown: scenes that come soon after each other do
// not pay for it.
const REST_MS = Number(restMs);
const COLLECT_EACH_MS = 60_000;
const GROWN_BYTES = 6 * 1024 * 1024;
let atRestBytes = 0;
let collectedAtMs = -COLLECT_EACH_MS;
let rest;
const restSoon = () => {
  const atMs = Math.max(REST_MS, collectedAtMs + COLLECT_EACH_MS - performance.now());
  rest = setTimeout(() => {
    if (process.memoryUsage.rss() < atRestBytes + GROWN_BYTES) return;
    collect({ type: "major", execution: "sync", flavor: "last-resort" });
    collectedAtMs = performance.now();
    atRestBytes = process.memoryUsage.rss();
  }, atMs);
  rest.unref();
};

/** One event after the other: Lambda gives the next when it has the answer to the last. */
const listen = (handler) => {
  let read = Buffer.alloc(0);
  channel.on("data", (chunk) => {
    read = read.length === 0 ? chunk : Buffer.concat([read, chunk]);
    if (read.length < LENGTHS) return;
    const headEnd = LENGTHS + read.readUInt32BE(0);
    const end = headEnd + read.readUInt32BE(4);
    if (read.length < end) return;
    const event = JSON.parse(read.toString("utf8", LENGTHS, headEnd));
    const payload = read.toString("utf8", headEnd, end);
    read = read.subarray(end);
    void invoke(handler, event, payload);
  });
};

try {
  listen(await loadHandler());
  tell({ kind: "ready" }, "");
  // Else it is written when a process ends, and this one is killed.
  flushCompileCache();
  restSoon();
} catch (error) {
  printError("Uncaught Exception", error);
  tell({ kind: "initError" }, errorText(error), () => process.exit(1));
}
