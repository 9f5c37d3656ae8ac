// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-data-flow.html
import { isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import { type JsonBuilder, jsonEqual, member, setMember } from "../messages/json.ts";
import type { ShadowDocument } from "./shadow-document.ts";
import type { TimedSection } from "./shadow-merge.ts";

/** What is desired and not reported, with desired's times; absent when nothing is. Arrays are compared whole. */
export const shadowDelta = (
  document: Pick<ShadowDocument, "state" | "metadata">,
): TimedSection | undefined =>
  document.state.desired === undefined
    ? undefined
    : difference(
        document.state.desired,
        document.metadata.desired ?? {},
        document.state.reported ?? {},
      );

const difference = (
  desired: JsonObject,
  times: JsonObject,
  reported: JsonObject,
): TimedSection | undefined => {
  const state: JsonBuilder = {};
  const metadata: JsonBuilder = {};
  let differs = false;
  const include = (key: string, value: Json, time: Json): void => {
    differs = true;
    setMember(state, key, value);
    setMember(metadata, key, time);
  };
  for (const key of Object.keys(desired)) {
    const wanted = member(desired, key);
    if (wanted === undefined) continue;
    const time = member(times, key) ?? {};
    const actual = member(reported, key);
    if (isObject(wanted) && isObject(actual)) {
      const inner = difference(wanted, isObject(time) ? time : {}, actual);
      if (inner !== undefined) include(key, inner.state, inner.metadata);
    } else if (actual === undefined || !jsonEqual(wanted, actual)) {
      include(key, wanted, time);
    }
  }
  return differs ? { state, metadata } : undefined;
};
