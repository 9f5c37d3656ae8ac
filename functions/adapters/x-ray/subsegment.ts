import { randomBytes } from "node:crypto";
import type { Json } from "#domain/json.ts";
import { sendToDaemon } from "./daemon.ts";
import type { TracePlace } from "./trace.ts";

/** Fields of a subsegment. */
export type Details = Readonly<Record<string, Json>>;

/** A part of a trace that has begun. */
export interface Subsegment {
  /** Where parts of it belong. */
  readonly place: TracePlace;
  /** Tells X-Ray of it, with what is known now that it is over. */
  end(details?: Details): void;
}

/**
 * Begins a part of a trace, which is sent by itself when it is over: a document has at most 64 kB, and 200 calls are more.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-subsegments
 */
export const beginSubsegment = (
  name: string,
  { traceId, segmentId }: TracePlace,
  about: Details = {},
): Subsegment => {
  const id = randomBytes(8).toString("hex");
  // Not the monotonic clock, which stands still while Lambda keeps the process frozen.
  const startedAtMs = Date.now();
  return {
    place: { traceId, segmentId: id },
    end: (details = {}) => {
      sendToDaemon({
        type: "subsegment",
        trace_id: traceId,
        parent_id: segmentId,
        id,
        name,
        start_time: startedAtMs / 1000,
        end_time: Date.now() / 1000,
        ...about,
        ...details,
      });
    },
  };
};

/** What X-Ray shows of an error: whose fault it is by the status of an answer, if there was one. */
export const causeOf = (thrown: unknown, status?: number): Details => {
  const isCallersOwn = status !== undefined && status >= 400 && status < 500;
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    ...(isCallersOwn
      ? { error: true, ...(status === 429 ? { throttle: true } : {}) }
      : { fault: true }),
    cause: {
      working_directory: process.cwd(),
      exceptions: [{ id: randomBytes(8).toString("hex"), type: name, message }],
    },
  };
};
