import { isObject } from "#domain/json.ts";

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html, version 3.

/** For whom Cognito is about to make a token. */
export interface TokenEvent {
  /** The token is for an app client itself (client_credentials), and not for a person. */
  readonly isMachine: boolean;
  readonly groups: readonly string[];
}

/** Reads the event. Fails closed: what is not plainly a machine is a person, and what is no group is not there. */
export const parseTokenEvent = (event: unknown): TokenEvent => {
  const { triggerSource, request } = isObject(event) ? event : {};
  const configuration = isObject(request) ? request.groupConfiguration : undefined;
  const groups = isObject(configuration) ? configuration.groupsToOverride : undefined;
  return {
    isMachine: triggerSource === "TokenGeneration_ClientCredentials",
    groups: Array.isArray(groups)
      ? groups.filter((group): group is string => typeof group === "string")
      : [],
  };
};
