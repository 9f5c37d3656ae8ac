import { request as requestHttp } from "node:http";
import { type RequestOptions, request as requestHttps } from "node:https";
import { tracedCall } from "#adapters/observed.ts";

/** What is sent, and how long it may take. */
export interface HttpPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Until the connection, and TLS over it, stands. */
  readonly connectMs: number;
  /** From the beginning to the answer's end. */
  readonly totalMs: number;
  /** Of an event stream, which may stay open: is all that is wanted there? */
  readonly isWholeStream?: (text: string) => boolean;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

// A tool's answer has at most 6 MB, Lambda's own limit.
const LARGEST_BYTES = 7_000_000;

/**
 * Posts, and follows no redirect: a token goes where it was meant to go. fetch has no bound of its own for the connection,
 * without which a firewall that drops packets would cost the whole time of the call.
 * @throws Error with Node's `code`, `ETIMEDOUT` when there is no connection or no whole answer in time
 */
export const httpPost = (post: HttpPost): Promise<HttpAnswer> =>
  tracedCall(new URL(post.url).hostname, () => send(post));

const send = async (post: HttpPost): Promise<HttpAnswer> => {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const signal = AbortSignal.timeout(post.totalMs);
  const fail = (error: Error): void =>
    reject(signal.aborted ? timedOut("answer", post.totalMs, error) : error);
  const options: RequestOptions = {
    method: "POST",
    headers: { ...post.headers, "content-length": Buffer.byteLength(post.body) },
    signal,
    // A connection of its own: Lambda freezes between calls, and a kept one may be dead by the next.
    agent: false,
  };
  const request = new URL(post.url).protocol === "http:" ? requestHttp : requestHttps;
  const sent = request(post.url, options, (response) => {
    let text = "";
    let bytes = 0;
    const done = (): void =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
    const isStream = response.headers["content-type"]?.includes("text/event-stream") ?? false;
    response.setEncoding("utf8");
    response.on("data", (part: string) => {
      text += part;
      bytes += Buffer.byteLength(part);
      if (bytes > LARGEST_BYTES) sent.destroy(new Error("The answer is too large."));
      else if (isStream && post.isWholeStream?.(text) === true) {
        done();
        sent.destroy();
      }
    });
    response.on("end", done);
    response.on("error", fail);
  });
  sent.on("error", fail);
  sent.on("socket", (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => {
      sent.destroy(timedOut("connection", post.connectMs));
    }, post.connectMs);
    const stop = (): void => clearTimeout(timer);
    socket.once("encrypted" in socket ? "secureConnect" : "connect", stop);
    socket.once("close", stop);
  });
  sent.end(post.body);
  return promise;
};

const timedOut = (what: string, ms: number, cause?: unknown): Error =>
  Object.assign(new Error(`No ${what} within ${ms} ms.`, { cause }), { code: "ETIMEDOUT" });
