// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html#device-shadow-example-request-json
import { isArray, isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import { member, parseJson } from "../messages/json.ts";
import {
  desiredNotObject,
  invalidClientToken,
  invalidJson,
  invalidNode,
  invalidVersion,
  MAX_CLIENT_TOKEN_BYTES,
  MAX_DEPTH,
  missingState,
  reportedNotObject,
  type ShadowRejection,
  stateNotObject,
  tooDeep,
  withToken,
  wrongEncoding,
} from "./shadow-rejection.ts";

/** What an update asks for. A section that is null is removed; a state that is null removes both. */
export interface ShadowUpdateRequest {
  readonly state: JsonObject | null;
  readonly desired?: JsonObject | null;
  readonly reported?: JsonObject | null;
  readonly version?: number;
  readonly clientToken?: string;
}

export type ParsedShadowUpdate =
  | { readonly request: ShadowUpdateRequest }
  | { readonly rejection: ShadowRejection };

/**
 * Reads the payload of an update, or says with AWS's code and text why it is none.
 * The order in which several faults of one payload are found is not documented; this one goes from the outside in.
 */
export const parseShadowUpdate = (payload: Buffer): ParsedShadowUpdate => {
  const json = parseJson(payload);
  if ("fault" in json) {
    return { rejection: json.fault === "encoding" ? wrongEncoding : invalidJson };
  }
  if (!isObject(json.value)) return { rejection: invalidJson };
  const token = parseToken(member(json.value, "clientToken"));
  if (token === "invalid") return { rejection: invalidClientToken };
  const result = parseBody(json.value);
  if ("rejection" in result) return { rejection: withToken(result.rejection, token?.token) };
  return token === undefined
    ? result
    : { request: { ...result.request, clientToken: token.token } };
};

/** The token of a get or delete request, whose payload may be empty or anything at all. */
export const parseTokenOnly = (
  payload: Buffer,
): { readonly clientToken?: string } | { readonly rejection: ShadowRejection } => {
  if (payload.length === 0) return {};
  const json = parseJson(payload);
  if ("fault" in json || !isObject(json.value)) return {};
  const token = parseToken(member(json.value, "clientToken"));
  if (token === "invalid") return { rejection: invalidClientToken };
  return token === undefined ? {} : { clientToken: token.token };
};

const parseToken = (
  token: Json | undefined,
): { readonly token: string } | "invalid" | undefined => {
  if (token === undefined) return undefined;
  if (typeof token !== "string") return "invalid";
  return Buffer.byteLength(token) <= MAX_CLIENT_TOKEN_BYTES ? { token } : "invalid";
};

const parseBody = (body: JsonObject): ParsedShadowUpdate => {
  const state = member(body, "state");
  if (state === undefined) return { rejection: missingState };
  if (state !== null && !isObject(state)) return { rejection: stateNotObject };
  const version = member(body, "version");
  if (version !== undefined && !isVersion(version)) return { rejection: invalidVersion };
  const versioned = version === undefined ? {} : { version };
  if (state === null) return { request: { state, ...versioned } };

  const desired = member(state, "desired");
  const reported = member(state, "reported");
  if (!isSection(desired)) return { rejection: desiredNotObject };
  if (!isSection(reported)) return { rejection: reportedNotObject };
  for (const key of Object.keys(state)) {
    if (key !== "desired" && key !== "reported") return { rejection: invalidNode };
  }
  const fault = faultOf(desired, 0) ?? faultOf(reported, 0);
  if (fault !== undefined) return { rejection: fault };
  return {
    request: {
      state,
      ...(desired === undefined ? {} : { desired }),
      ...(reported === undefined ? {} : { reported }),
      ...versioned,
    },
  };
};

const isVersion = (value: Json): value is number => Number.isSafeInteger(value);

const isSection = (value: Json | undefined): value is JsonObject | null | undefined =>
  value === undefined || value === null || isObject(value);

/** Depth is checked before anything else walks the value, so no payload can exhaust the stack. */
const faultOf = (value: Json | undefined, depth: number): ShadowRejection | undefined => {
  // 1e999 is JSON, but no number this process could keep.
  if (typeof value === "number") return Number.isFinite(value) ? undefined : invalidJson;
  if (typeof value !== "object" || value === null) return undefined;
  if (isArray(value)) {
    // Whether AWS counts an array as a level is not documented; counting it refuses more than AWS may, never less.
    if (depth >= MAX_DEPTH && value.length > 0) return tooDeep;
    for (const item of value) {
      if (item === null) return invalidNode;
      const fault = faultOf(item, depth + 1);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (depth >= MAX_DEPTH) return tooDeep;
    const fault = faultOf(member(value, key), depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
};
