// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-rest-api.html
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type RequiredPermission,
} from "#local/wire/aws-service.ts";
import { jsonResponse, type PathParameters } from "#local/wire/rest-service.ts";
import type { Database } from "../database/database.ts";
import { internalFailure, type ShadowRejection } from "./shadow-rejection.ts";
import type { ShadowAnswer } from "./shadow-service.ts";
import { isShadowName, isThingName, type ShadowId } from "./shadow-topic.ts";

const ERRORS: Readonly<Record<number, string>> = {
  400: "InvalidRequestException",
  404: "ResourceNotFoundException",
  409: "ConflictException",
  413: "RequestEntityTooLargeException",
  415: "UnsupportedDocumentEncodingException",
};

/**
 * The shadow that a request is about: `/things/{thingName}/shadow?name=`.
 * @throws AwsError `InvalidRequestException` for a name that is none.
 */
export const shadowIdOf = (parameters: PathParameters, request: AwsRequest): ShadowId => {
  const thing = thingNameOf(parameters);
  const shadow = request.query.get("name");
  if (shadow === null || shadow === "") return { thing };
  if (!isShadowName(shadow)) {
    throw new AwsError("InvalidRequestException", "Invalid shadow name");
  }
  return { thing, shadow };
};

/** @throws AwsError `InvalidRequestException` */
export const thingNameOf = (parameters: PathParameters): string => {
  const thing = parameters("thingName");
  if (!isThingName(thing)) throw new AwsError("InvalidRequestException", "Invalid thing name");
  return thing;
};

/** The permission on a shadow: `thing/NAME`, or `thing/NAME/SHADOW`. */
export const shadowPermission = (
  action: string,
  id: ShadowId,
  arn: (resource: string) => string,
): readonly RequiredPermission[] => [
  {
    action: `iot:${action}`,
    resource: arn(id.shadow === undefined ? `thing/${id.thing}` : `thing/${id.thing}/${id.shadow}`),
  },
];

/** The HTTP answer, once what the request changed is on disk. */
export const settledAnswer = (database: Database, answer: ShadowAnswer): Promise<AwsResponse> =>
  new Promise((resolve, reject) => {
    if ("rejection" in answer) {
      reject(errorOf(answer.rejection));
      return;
    }
    database.settle((error) => {
      if (error === undefined) resolve(jsonResponse(answer.accepted()));
      else reject(errorOf(internalFailure, error));
    });
  });

const errorOf = (rejection: ShadowRejection, cause?: Error): AwsError =>
  new AwsError(ERRORS[rejection.code] ?? "InternalFailureException", rejection.message, {
    status: rejection.code,
    ...(cause === undefined ? {} : { cause }),
  });
