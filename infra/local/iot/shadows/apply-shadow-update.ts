// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-mqtt.html
import type { JsonObject } from "#local/wire/json.ts";
import type { JsonBuilder } from "../messages/json.ts";
import { shadowDelta } from "./shadow-delta.ts";
import {
  documentView,
  type ShadowDocument,
  type ShadowSections,
  type ShadowTombstone,
} from "./shadow-document.ts";
import { mergeSection, stamp } from "./shadow-merge.ts";
import {
  invalidVersion,
  MAX_STATE_BYTES,
  type ShadowRejection,
  tooLarge,
  versionConflict,
  withToken,
} from "./shadow-rejection.ts";
import type { ShadowUpdateRequest } from "./shadow-request.ts";

/** What one update does: the new document and the payloads that are published, or the rejection. */
export type ShadowUpdateOutcome =
  | {
      readonly document: ShadowDocument;
      /** The document's JSON: one text for the disk and for `update/documents`. */
      readonly text: string;
      /** Put together when somebody asks: over MQTT next to nobody does. */
      readonly accepted: () => JsonObject;
      readonly documents: JsonObject;
      /** Absent when everything desired is reported. */
      readonly delta?: JsonObject;
    }
  | { readonly rejection: ShadowRejection };

const TOMBSTONE_SECONDS = 48 * 3600;

/** Applies one update to a shadow. Pure: the same arguments, the same outcome. */
export const applyShadowUpdate = (
  document: ShadowDocument | undefined,
  request: ShadowUpdateRequest,
  nowSeconds: number,
  tombstone?: ShadowTombstone,
): ShadowUpdateOutcome => {
  const conflict = versionFault(document, request.version);
  if (conflict !== undefined) return { rejection: withToken(conflict, request.clientToken) };

  const desired = mergedSection(document, "desired", request, nowSeconds);
  const reported = mergedSection(document, "reported", request, nowSeconds);
  const next: ShadowDocument = {
    state: sections(desired?.state, reported?.state),
    metadata: sections(desired?.metadata, reported?.metadata),
    version: nextVersion(document, tombstone, nowSeconds),
  };
  const view = documentView(next);
  const text = JSON.stringify(view);
  // The state is a part of the text, so a text within the limit needs no measuring of its parts.
  if (Buffer.byteLength(text) > MAX_STATE_BYTES) {
    const stateBytes = bytes(desired?.state) + bytes(reported?.state);
    if (stateBytes > MAX_STATE_BYTES) {
      return { rejection: withToken(tooLarge(stateBytes), request.clientToken) };
    }
  }
  const echo: JsonObject =
    request.clientToken === undefined ? {} : { clientToken: request.clientToken };
  const delta = shadowDelta(next);
  return {
    document: next,
    text,
    accepted: () => ({
      state: request.state,
      metadata:
        request.state === null ? { timestamp: nowSeconds } : stamp(request.state, nowSeconds),
      version: next.version,
      timestamp: nowSeconds,
      ...echo,
    }),
    documents: {
      previous: document === undefined ? null : documentView(document),
      current: view,
      timestamp: nowSeconds,
      ...echo,
    },
    ...(delta === undefined
      ? {}
      : {
          delta: {
            version: next.version,
            timestamp: nowSeconds,
            state: delta.state,
            metadata: delta.metadata,
            ...echo,
          },
        }),
  };
};

/** The answer to a get: the state with its delta, the times without one. */
export const shadowView = (
  document: ShadowDocument,
  nowSeconds: number,
  clientToken?: string,
): JsonObject => {
  const { state, metadata, version } = documentView(document);
  const delta = shadowDelta(document);
  const full: JsonBuilder = { ...(state as JsonObject) };
  if (delta !== undefined) full.delta = delta.state;
  return {
    state: full,
    metadata: metadata ?? {},
    version: version ?? 0,
    timestamp: nowSeconds,
    ...(clientToken === undefined ? {} : { clientToken }),
  };
};

/** The answer to a delete: the version that was deleted. */
export const shadowDeletedView = (
  document: ShadowDocument,
  nowSeconds: number,
  clientToken?: string,
): JsonObject => ({
  version: document.version,
  timestamp: nowSeconds,
  ...(clientToken === undefined ? {} : { clientToken }),
});

const versionFault = (
  document: ShadowDocument | undefined,
  version: number | undefined,
): ShadowRejection | undefined => {
  if (version === undefined) return undefined;
  if (document !== undefined) return version === document.version ? undefined : versionConflict;
  // What AWS answers for a shadow that does not exist is not known; this is AWS's own shadow manager (Greengrass).
  return version === 1 ? undefined : invalidVersion;
};

const nextVersion = (
  document: ShadowDocument | undefined,
  tombstone: ShadowTombstone | undefined,
  nowSeconds: number,
): number => {
  if (document !== undefined) return document.version + 1;
  if (tombstone === undefined) return 1;
  return nowSeconds - tombstone.deletedAtSeconds < TOMBSTONE_SECONDS ? tombstone.version + 1 : 1;
};

const mergedSection = (
  document: ShadowDocument | undefined,
  name: "desired" | "reported",
  request: ShadowUpdateRequest,
  nowSeconds: number,
): { readonly state: JsonObject; readonly metadata: JsonObject } | undefined => {
  const state = document?.state[name];
  const present =
    state === undefined ? undefined : { state, metadata: document?.metadata[name] ?? {} };
  const patch = request.state === null ? null : request[name];
  if (patch === undefined) return present;
  if (patch === null) return undefined;
  const merged = mergeSection(present, patch, nowSeconds);
  return Object.keys(merged.state).length === 0 ? undefined : merged;
};

const sections = (
  desired: JsonObject | undefined,
  reported: JsonObject | undefined,
): ShadowSections => ({
  ...(desired === undefined ? {} : { desired }),
  ...(reported === undefined ? {} : { reported }),
});

const bytes = (section: JsonObject | undefined): number =>
  section === undefined ? 0 : Buffer.byteLength(JSON.stringify(section));
