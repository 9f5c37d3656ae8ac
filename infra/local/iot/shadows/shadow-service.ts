// https://docs.aws.amazon.com/iot/latest/developerguide/iot-device-shadows.html

import type { JsonObject } from "#local/wire/json.ts";
import type { Database } from "../database/database.ts";
import { applyShadowUpdate, shadowDeletedView, shadowView } from "./apply-shadow-update.ts";
import {
  internalFailure,
  noShadow,
  rejectionView,
  type ShadowRejection,
  withToken,
} from "./shadow-rejection.ts";
import { parseShadowUpdate, parseTokenOnly } from "./shadow-request.ts";
import type { ShadowTable } from "./shadow-table.ts";
import { type ShadowId, type ShadowRequestTopic, shadowTopicPrefix } from "./shadow-topic.ts";

/** What a request is answered with, once what it changed is on disk. */
export type ShadowAnswer =
  | { readonly accepted: () => JsonObject }
  | { readonly rejection: ShadowRejection };

/** One message that the service publishes. */
export interface ShadowPublication {
  readonly topic: string;
  readonly body: () => JsonObject;
  /** The body's JSON, where it can be had for less. */
  readonly text?: () => string;
}

/** Shadows with memory: the pure core, the table, and what is told to whom. */
export interface ShadowService {
  get(id: ShadowId, payload: Buffer): ShadowAnswer;
  /** Publishes accepted, documents and delta; a rejection is only returned. */
  update(id: ShadowId, payload: Buffer): ShadowAnswer;
  /** Publishes accepted; a rejection is only returned. */
  remove(id: ShadowId, payload: Buffer): ShadowAnswer;
  /** A request that came as a message: the answer, whatever it is, is published too. */
  request(topic: ShadowRequestTopic, payload: Buffer): void;
}

export const shadowService = (options: {
  readonly table: ShadowTable;
  readonly database: Database;
  readonly nowSeconds: () => number;
  readonly publish: (publication: ShadowPublication) => void;
}): ShadowService => {
  const { table, database, nowSeconds, publish } = options;

  const get = (id: ShadowId, payload: Buffer): ShadowAnswer => {
    const token = parseTokenOnly(payload);
    if ("rejection" in token) return token;
    const { document } = table.get(id);
    if (document === undefined) {
      return { rejection: withToken(noShadow(id.thing, id.shadow), token.clientToken) };
    }
    const view = shadowView(document, nowSeconds(), token.clientToken);
    return { accepted: () => view };
  };

  const update = (id: ShadowId, payload: Buffer): ShadowAnswer => {
    const parsed = parseShadowUpdate(payload);
    if ("rejection" in parsed) return parsed;
    const { document, text, tombstone } = table.get(id);
    const outcome = applyShadowUpdate(document, parsed.request, nowSeconds(), tombstone);
    if ("rejection" in outcome) return outcome;
    table.put(id, outcome.document, outcome.text);
    const prefix = `${shadowTopicPrefix(id)}/update`;
    publish({ topic: `${prefix}/accepted`, body: outcome.accepted });
    publish({
      topic: `${prefix}/documents`,
      body: () => outcome.documents,
      text: () => documentsText(text, outcome),
    });
    const { delta } = outcome;
    if (delta !== undefined) publish({ topic: `${prefix}/delta`, body: () => delta });
    return { accepted: outcome.accepted };
  };

  const remove = (id: ShadowId, payload: Buffer): ShadowAnswer => {
    const token = parseTokenOnly(payload);
    if ("rejection" in token) return token;
    const { document } = table.get(id);
    if (document === undefined) {
      return { rejection: withToken(noShadow(id.thing, id.shadow), token.clientToken) };
    }
    const now = nowSeconds();
    table.remove(id, { version: document.version, deletedAtSeconds: now });
    const view = shadowDeletedView(document, now, token.clientToken);
    const accepted = (): JsonObject => view;
    publish({ topic: `${shadowTopicPrefix(id)}/delete/accepted`, body: accepted });
    return { accepted };
  };

  const operations = { get, update, delete: remove };

  return {
    get,
    update,
    remove,
    request: ({ id, operation }, payload) => {
      const prefix = `${shadowTopicPrefix(id)}/${operation}`;
      const reject = (rejection: ShadowRejection): void =>
        publish({
          topic: `${prefix}/rejected`,
          body: () => rejectionView(rejection, nowSeconds()),
        });

      const answer = operations[operation](id, payload);
      if ("rejection" in answer) {
        reject(answer.rejection);
        return;
      }
      if (operation === "get") publish({ topic: `${prefix}/accepted`, body: answer.accepted });
      database.settle((error) => {
        if (error === undefined) return;
        const token = answer.accepted().clientToken;
        reject(withToken(internalFailure, typeof token === "string" ? token : undefined));
      });
    },
  };
};

/** `update/documents` put together from the texts of its two documents. */
const documentsText = (
  previous: string | undefined,
  { text, documents }: { readonly text: string; readonly documents: JsonObject },
): string => {
  const { previous: _previous, current: _current, ...rest } = documents;
  return `{"previous":${previous ?? "null"},"current":${text},${JSON.stringify(rest).slice(1)}`;
};
