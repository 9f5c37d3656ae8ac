import type { IncomingMessage } from "node:http";

/** A viewer's request as CloudFront looks at it: all but the body. */
export interface ViewerRequest {
  readonly method: string;
  /** The path as it was sent. */
  readonly uri: string;
  /** What follows the `?`, as it was sent. */
  readonly query: string;
  /** Names in lower case; without the cookies. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** `name=value` each. */
  readonly cookies: readonly string[];
}

/** Reads what came over the wire. */
export const readViewerRequest = (request: IncomingMessage): ViewerRequest => {
  const url = request.url ?? "/";
  const at = url.indexOf("?");
  const { cookie = [], ...headers } = request.headersDistinct;
  return {
    method: request.method ?? "GET",
    uri: at < 0 ? url : url.slice(0, at),
    query: at < 0 ? "" : url.slice(at + 1),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, values = []]) => [name, values]),
    ),
    cookies: cookie.flatMap((line) => line.split(/;\s*/)).filter((pair) => pair !== ""),
  };
};
