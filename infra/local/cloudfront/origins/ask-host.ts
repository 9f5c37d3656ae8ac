// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Readable } from "node:stream";
import { isHopByHop } from "./forwarded-headers.ts";
import { type OriginAnswer, OriginFailed } from "./origin-answer.ts";

/** A request for an origin of one's own. */
export interface HostRequest {
  readonly method: string;
  /** Where it is found: a URL of AWS, or where that is on this machine. */
  readonly url: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** As it comes in. */
  readonly body: Readable;
  /** How long CloudFront waits for the answer's beginning, and then for each next piece of it. */
  readonly readTimeoutMs: number;
  /** The viewer went away. */
  readonly signal: AbortSignal;
}

/**
 * Asks an origin once. (CloudFront tries a GET or HEAD again when the origin was silent, and nothing else.)
 * @throws OriginFailed
 */
export const askHost = (asked: HostRequest): Promise<OriginAnswer> => {
  const { promise, resolve, reject } = Promise.withResolvers<OriginAnswer>();
  const url = new URL(asked.url);
  const send = url.protocol === "http:" ? httpRequest : httpsRequest;
  const sent = send(url, {
    method: asked.method,
    headers: mutable(asked.headers),
    signal: asked.signal,
  });
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => sent.destroy(new OriginFailed("timed out")), asked.readTimeoutMs);
  };
  // It counts from when the whole request is there.
  sent.on("finish", wait);
  sent.on("close", () => clearTimeout(timer));
  sent.on("error", (error) => {
    reject(error instanceof OriginFailed ? error : new OriginFailed("unreachable", error));
  });
  sent.on("response", (response) => {
    wait();
    response.on("data", wait);
    response.on("end", () => clearTimeout(timer));
    // Before somebody listens: what waits for more data must not be lost.
    response.pause();
    resolve({
      status: response.statusCode ?? 502,
      headers: passedHeaders(response),
      body: response,
    });
  });
  asked.body.on("error", (error) => sent.destroy(error));
  asked.body.pipe(sent);
  return promise;
};

const passedHeaders = (response: IncomingMessage): Record<string, readonly string[]> =>
  Object.fromEntries(
    Object.entries(response.headersDistinct).flatMap(([name, values]) =>
      values === undefined || isHopByHop(name) ? [] : [[name, values]],
    ),
  );

const mutable = (headers: Readonly<Record<string, readonly string[]>>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, [...values]]));
