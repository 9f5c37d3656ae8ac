// What the Runtime API carries, https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, over a pipe of the process's own
// instead of HTTP: two requests a call cost more than most handlers. bootstrap.mjs is its other end.
import type { Duplex } from "node:stream";
import { isObject, type JsonObject } from "#local/wire/json.ts";

/** The two bytes-limits of AWS: 6 MB, and a little room that Lambda gives to a response. */
export const MAX_REQUEST_BYTES = 6 * 1024 * 1024;
export const MAX_RESPONSE_BYTES = MAX_REQUEST_BYTES + 100;

/** What an execution environment says to Lambda. */
export interface EnvironmentSide {
  /** It has loaded its handler, and is ready for an event. */
  ready(): void;
  /** The result of a call, undefined where it is larger than Lambda takes; it is ready for the next. */
  responded(requestId: string, payload: Buffer | undefined, end: CallEnd): void;
  /** The same for an error. */
  failed(requestId: string, error: Buffer, end: CallEnd): void;
  /** An error that ends it with the call. */
  died(requestId: string, error: Buffer, maxMemoryKb: number): void;
  initFailed(error: Buffer): void;
}

/** What an environment tells of a call that it has ended. */
export interface CallEnd {
  readonly maxMemoryKb: number;
  /** It printed something, and marked its end there; else there is nothing to wait for. */
  readonly isMarked: boolean;
}

/** One call as the environment is told of it. */
export interface RuntimeEvent {
  readonly requestId: string;
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly traceId: string;
  /** JSON. */
  readonly clientContext?: string;
}

/** Lambda's end of the pipe. */
export interface RuntimeChannel {
  /** Hands the environment an event. Only while it is ready. */
  give(event: RuntimeEvent, payload: Buffer): void;
}

/** Opens Lambda's end: each frame has the lengths of its head and its body, four bytes each, a head in JSON, and a body. */
export const openRuntimeChannel = (pipe: Duplex, side: EnvironmentSide): RuntimeChannel => {
  // A process that ends breaks the pipe; its end is told by the process itself.
  pipe.on("error", () => {});
  const understand = (text: string, body: Buffer | undefined): void => {
    const { kind, requestId, maxMemoryKb, isMarked } = parseHead(text);
    const of = String(requestId);
    const end = { maxMemoryKb: Number(maxMemoryKb), isMarked: isMarked !== false };
    const error = body ?? Buffer.from("{}");
    if (kind === "ready") side.ready();
    else if (kind === "response") side.responded(of, body, end);
    else if (kind === "error") side.failed(of, error, end);
    else if (kind === "died") side.died(of, error, Number(maxMemoryKb));
    else if (kind === "initError") side.initFailed(error);
  };
  pipe.on("data", frameReader(understand));
  return {
    give: (event, payload) => {
      const head = Buffer.from(JSON.stringify(event));
      const lengths = Buffer.allocUnsafe(LENGTHS);
      lengths.writeUInt32BE(head.length, 0);
      lengths.writeUInt32BE(payload.length, 4);
      pipe.write(Buffer.concat([lengths, head, payload]));
    },
  };
};

const LENGTHS = 8;

/** Puts frames together again. Of a body that is too long nothing is kept, and its frame comes without one. */
const frameReader = (
  found: (head: string, body: Buffer | undefined) => void,
): ((chunk: Buffer) => void) => {
  let parts: Buffer[] = [];
  let kept = 0;
  let skip = 0;
  let wanted = LENGTHS;
  let withoutBody: string | undefined;

  const whole = (): Buffer => {
    const [only] = parts;
    const all = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
    parts = [all];
    return all;
  };
  const keep = (rest: Buffer): void => {
    parts = rest.length === 0 ? [] : [rest];
    kept = rest.length;
  };

  return (chunk) => {
    parts.push(chunk);
    kept += chunk.length;
    for (;;) {
      if (skip > 0) {
        const all = whole();
        const skipped = Math.min(skip, all.length);
        skip -= skipped;
        keep(all.subarray(skipped));
        if (skip > 0) return;
        found(withoutBody ?? "", undefined);
      }
      if (kept < wanted) return;
      const all = whole();
      const headEnd = LENGTHS + all.readUInt32BE(0);
      const bodyBytes = all.readUInt32BE(4);
      if (bodyBytes > MAX_RESPONSE_BYTES) {
        wanted = headEnd;
        if (kept < wanted) return;
        withoutBody = all.toString("utf8", LENGTHS, headEnd);
        skip = bodyBytes;
        keep(all.subarray(headEnd));
      } else {
        wanted = headEnd + bodyBytes;
        if (kept < wanted) return;
        keep(all.subarray(wanted));
        found(all.toString("utf8", LENGTHS, headEnd), all.subarray(headEnd, headEnd + bodyBytes));
      }
      wanted = LENGTHS;
    }
  };
};

const parseHead = (text: string): JsonObject => {
  const head: unknown = JSON.parse(text);
  return isObject(head) ? head : {};
};
