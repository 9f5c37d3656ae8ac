// What runs inside an execution environment: asks the Runtime API for an event, calls the handler, posts its result.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// Plain JavaScript: stripping types would add 40 ms to every cold start.
/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-argument, typescript/no-unsafe-return */
import { Agent, request } from "node:http";
import { pathToFileURL } from "node:url";
import { format } from "node:util";

const api = new URL(`http://${process.env.AWS_LAMBDA_RUNTIME_API}/`);
const token = process.env.LOCAL_ENVIRONMENT_TOKEN ?? "";
// Lambda has no such variable; the handler must not see one.
delete process.env.LOCAL_ENVIRONMENT_TOKEN;
const write = process.stdout.write.bind(process.stdout);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** One exchange with the Runtime API. Without it there is nothing left to do. */
const call = (method, path, headers, body) =>
  new Promise((resolve) => {
    const sent = request(
      {
        host: api.hostname,
        port: api.port,
        path: `/2018-06-01/runtime/${path}`,
        method,
        agent,
        headers: {
          "x-environment-token": token,
          ...headers,
          ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
        },
      },
      (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ headers: response.headers, body: Buffer.concat(chunks).toString("utf8") }),
        );
      },
    );
    sent.on("error", () => process.exit(0));
    sent.end(body);
  });

const usage = () => ({ "x-max-memory-kb": String(process.resourceUsage().maxRSS) });

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

const postError = (path, error) =>
  call("POST", path, usage(), JSON.stringify(describeError(error)));

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

const parseContext = (headers) => {
  const deadlineMs = Number(headers["lambda-runtime-deadline-ms"]);
  const json = (name) => (headers[name] === undefined ? undefined : JSON.parse(headers[name]));
  return {
    clientContext: json("lambda-runtime-client-context"),
    identity: json("lambda-runtime-cognito-identity"),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    tenantId: undefined,
    xRayTraceId: headers["lambda-runtime-trace-id"],
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  };
};

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
  const path = requestId === "" ? "init/error" : `invocation/${requestId}/error`;
  void postError(path, describe(error)).then(() => process.exit(exitCode));
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

let handler;
try {
  handler = await loadHandler();
} catch (error) {
  printError("Uncaught Exception", error);
  await postError("init/error", error);
  process.exit(1);
}

for (;;) {
  const { headers, body } = await call("GET", "invocation/next", {});
  const context = parseContext(headers);
  requestId = context.awsRequestId;
  const traceId = context.xRayTraceId;
  if (traceId === undefined) delete process.env._X_AMZN_TRACE_ID;
  else process.env._X_AMZN_TRACE_ID = traceId;
  let path = `invocation/${requestId}/response`;
  let answer;
  try {
    const result = await store.run({ requestId, traceId }, () =>
      handler(JSON.parse(body), context),
    );
    answer = stringify(result);
  } catch (error) {
    printError("Invoke Error", error);
    path = `invocation/${requestId}/error`;
    answer = JSON.stringify(describeError(error));
  }
  // Tells the parent that it has read all that this call printed; the answer goes another way and may be faster.
  write(`\0${token}\n`);
  await call("POST", path, usage(), answer);
}
