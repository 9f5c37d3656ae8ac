// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-error-messages.html
import type { JsonObject } from "#local/wire/json.ts";
/** Why a shadow request was not carried out, in AWS's code and exact words. */
export interface ShadowRejection {
  readonly code: number;
  readonly message: string;
  readonly clientToken?: string;
}

/** A depth of 6 below `desired`; 8 when `state` and the section are counted. */
export const MAX_DEPTH = 6;
/** Bytes of the compact JSON of desired and reported together, after the merge. */
export const MAX_STATE_BYTES = 8192;
/** Bytes of a client token. */
export const MAX_CLIENT_TOKEN_BYTES = 64;

export const invalidJson: ShadowRejection = { code: 400, message: "Invalid JSON" };
export const missingState: ShadowRejection = {
  code: 400,
  message: "Missing required node: state",
};
export const stateNotObject: ShadowRejection = {
  code: 400,
  message: "State node must be an object",
};
export const desiredNotObject: ShadowRejection = {
  code: 400,
  message: "Desired node must be an object",
};
export const reportedNotObject: ShadowRejection = {
  code: 400,
  message: "Reported node must be an object",
};
export const invalidVersion: ShadowRejection = { code: 400, message: "Invalid version" };
export const invalidClientToken: ShadowRejection = { code: 400, message: "Invalid clientToken" };
export const tooDeep: ShadowRejection = {
  code: 400,
  message: `JSON contains too many levels of nesting; maximum is ${MAX_DEPTH}`,
};
export const invalidNode: ShadowRejection = {
  code: 400,
  message: "State contains an invalid node",
};
export const versionConflict: ShadowRejection = { code: 409, message: "Version conflict" };
// Seen on AWS, two blanks and all; the documentation has a sentence without the sizes.
// https://github.com/espressif/esp-aws-iot/issues/70
export const tooLarge = (stateBytes: number): ShadowRejection => ({
  code: 413,
  message: `Json document too large.  Size is ${stateBytes}, max allowed: ${MAX_STATE_BYTES}`,
});
// "documented" is what AWS writes.
export const wrongEncoding: ShadowRejection = {
  code: 415,
  message: "Unsupported documented encoding; supported encoding is UTF-8",
};
export const internalFailure: ShadowRejection = { code: 500, message: "Internal service failure" };

/** A named shadow is `thing~shadow` in this message, a classic one `thing`. */
export const noShadow = (thing: string, shadow: string | undefined): ShadowRejection => ({
  code: 404,
  message: `No shadow exists with name: '${shadow === undefined ? thing : `${thing}~${shadow}`}'`,
});

/** The rejection as an answer to the request that carried this token. */
export const withToken = (
  rejection: ShadowRejection,
  clientToken: string | undefined,
): ShadowRejection => (clientToken === undefined ? rejection : { ...rejection, clientToken });

/**
 * The payload of `…/rejected`. A 404 captured from AWS has no timestamp though the documentation's schema has one
 * (reference/iot-shadows.md §1.3); the others follow the schema.
 */
export const rejectionView = (rejection: ShadowRejection, nowSeconds: number): JsonObject => ({
  code: rejection.code,
  message: rejection.message,
  ...(rejection.code === 404 ? {} : { timestamp: nowSeconds }),
  ...(rejection.clientToken === undefined ? {} : { clientToken: rejection.clientToken }),
});
