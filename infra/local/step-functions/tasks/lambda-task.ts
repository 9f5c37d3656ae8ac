// https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
import type { AwsAccess, AwsAnswer } from "#local/wire/aws-call.ts";
import { type FunctionCall, invokeFunction, isFunctionError } from "#local/wire/invoke-function.ts";
import { isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import { jsonText, parseJson } from "../values/json.ts";
import { StateFailure } from "../values/state-failure.ts";
import { callService, type ServiceNames, sdkMetadata, serviceFailure } from "./service-answer.ts";

// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
const NAMES: ServiceNames = {
  prefix: "Lambda",
  generic: "AWSLambdaException",
  service: "AWSLambda",
  sdk: 1,
  modelled: new Set([
    "EC2AccessDeniedException",
    "EC2ThrottledException",
    "EC2UnexpectedException",
    "EFSIOException",
    "EFSMountConnectivityException",
    "EFSMountFailureException",
    "EFSMountTimeoutException",
    "ENILimitReachedException",
    "InvalidParameterValueException",
    "InvalidRequestContentException",
    "InvalidRuntimeException",
    "InvalidSecurityGroupIDException",
    "InvalidSubnetIDException",
    "InvalidZipFileException",
    "KMSAccessDeniedException",
    "KMSDisabledException",
    "KMSInvalidStateException",
    "KMSNotFoundException",
    "RecursiveInvocationException",
    "RequestTooLargeException",
    "ResourceConflictException",
    "ResourceNotFoundException",
    "ResourceNotReadyException",
    "ServiceException",
    "SnapStartException",
    "SnapStartNotReadyException",
    "SnapStartTimeoutException",
    "SubnetIPAddressLimitReachedException",
    "TooManyRequestsException",
    "UnsupportedMediaTypeException",
  ]),
};

const invoke = (access: AwsAccess, call: FunctionCall): Promise<AwsAnswer> =>
  callService(() => invokeFunction(access, call), NAMES);

/** What Step Functions makes of a function's error: its errorType, and the payload as text. */
const functionFailure = (payload: string, cause: (parsed: Json) => string): StateFailure => {
  const parsed = parseJson(payload);
  const type = isObject(parsed) ? parsed.errorType : undefined;
  if (parsed === undefined || typeof type !== "string") {
    return new StateFailure(
      "Lambda.Unknown",
      `The cause could not be determined because Lambda did not return an error type. Returned payload: ${payload}`,
    );
  }
  return new StateFailure(type, cause(parsed));
};

const parsedOr = (text: string): Json => {
  const parsed = parseJson(text);
  return parsed === undefined ? text : parsed;
};

/** A Task whose Resource is a function's ARN: the state's arguments are the payload, the function's answer is the result. */
export const callLambdaFunction = async (
  access: AwsAccess,
  functionArn: string,
  args: Json,
  signal: AbortSignal,
): Promise<Json> => {
  const answer = await invoke(access, {
    functionName: functionArn,
    payload: jsonText(args),
    signal,
  });
  const payload = answer.body.toString("utf8");
  if (answer.status >= 300) throw serviceFailure(answer, NAMES);
  // Recorded: here the cause is the runtime's own text (Python's has blanks), with lambda:invoke it is compact.
  if (isFunctionError(answer)) {
    throw functionFailure(payload, () => payload);
  }
  return payload === "" ? null : parsedOr(payload);
};

const textOf = (args: JsonObject, name: string): string | undefined => {
  const value = args[name];
  return value === undefined || value === null ? undefined : String(value);
};

/** `arn:aws:states:::lambda:invoke`: the arguments are those of the API, the result is the API's answer. */
export const callLambdaInvoke = async (
  access: AwsAccess,
  args: Json,
  signal: AbortSignal,
): Promise<Json> => {
  const given: JsonObject = isObject(args) ? args : {};
  const payload = given.Payload ?? {};
  const clientContext = textOf(given, "ClientContext");
  const invocationType = textOf(given, "InvocationType");
  const logType = textOf(given, "LogType");
  const qualifier = textOf(given, "Qualifier");
  const answer = await invoke(access, {
    functionName: textOf(given, "FunctionName") ?? "",
    // Recorded: a string is sent as it is, so that '"x"' arrives as x.
    payload: typeof payload === "string" ? payload : jsonText(payload),
    ...(clientContext === undefined ? {} : { clientContext }),
    ...(invocationType === undefined ? {} : { invocationType }),
    ...(logType === undefined ? {} : { logType }),
    ...(qualifier === undefined ? {} : { qualifier }),
    signal,
  });
  if (answer.status >= 300) throw serviceFailure(answer, NAMES);
  const text = answer.body.toString("utf8");
  if (isFunctionError(answer)) throw functionFailure(text, jsonText);
  const version = answer.headers["x-amz-executed-version"];
  const logResult = answer.headers["x-amz-log-result"];
  return {
    ...(version === undefined ? {} : { ExecutedVersion: version }),
    ...(logResult === undefined ? {} : { LogResult: logResult }),
    ...(text === "" ? {} : { Payload: parsedOr(text) }),
    ...sdkMetadata(answer),
    StatusCode: answer.status,
  };
};
