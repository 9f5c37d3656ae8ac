// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HowCloudFrontWorks.html
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { listen } from "#local/wire/http.ts";
import { isLoopbackHost } from "#local/wire/loopback.ts";
import { type Delivery, type DistributionResources, readDelivery } from "./delivery.ts";
import type { ReadObject } from "./origins/ask-bucket.ts";
import { type Response, respond } from "./respond.ts";
import { BAD_REQUEST, errorPage } from "./viewer/error-page.ts";
import { readViewerRequest } from "./viewer/viewer-request.ts";

export interface CloudFrontOptions extends DistributionResources {
  /** On the loopback interface; 0 takes a free one. */
  readonly port: number;
  /** How an object of a bucket is got. */
  readonly readObject: ReadObject;
  /** Where a URL of AWS is found on this machine, as DNS would say it. */
  readonly rewriteUrl: (url: string) => string;
  readonly log: (line: string) => void;
}

/** A running distribution. */
export interface CloudFront {
  /** `http://localhost:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a distribution of the template, on this machine only and without TLS: each request counts as one that came
 * over HTTPS.
 * @throws LocalError `PortInUse`, `TemplateNotUnderstood` for what is not imitated
 */
export const startCloudFront = async (options: CloudFrontOptions): Promise<CloudFront> => {
  const delivery = readDelivery(options);
  const listening = await listen(
    (request, response) => {
      serve(options, delivery, request, response).catch((error: unknown) => {
        // A viewer that went away is its own affair; an origin that broke off cannot be told any more.
        if (!response.destroyed) options.log(`CloudFront: ${String(error)}`);
        response.destroy();
      });
    },
    options.port,
    { name: "the console", option: "--console-port" },
  );
  return { url: listening.url, close: () => listening.close() };
};

const serve = async (
  { readObject, rewriteUrl, log }: CloudFrontOptions,
  delivery: Delivery,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const requestId = `${randomBytes(40).toString("base64url")}==`;
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  // A name that is none of the distribution's is refused; here that is also what keeps a page out that rebinds its own.
  const given: Response = isLoopbackHost(request.headers.host)
    ? await respond(readViewerRequest(request), {
        delivery,
        requestId,
        viewerIp: request.socket.remoteAddress ?? "",
        body: request,
        signal: gone.signal,
        readObject,
        rewriteUrl,
        log,
      })
    : { error: BAD_REQUEST };
  if (response.destroyed) return;
  const { status, headers, body } =
    given.error === undefined ? given.answer : pageOf(given, requestId);
  response.writeHead(status, {
    ...mutable(headers),
    ...(Buffer.isBuffer(body) && status !== 304 ? { "content-length": body.length } : {}),
    "x-cache": `${status < 400 ? "Miss" : "Error"} from cloudfront`,
    via: `1.1 ${delivery.domainName} (CloudFront)`,
    "x-amz-cf-id": requestId,
  });
  if (Buffer.isBuffer(body)) response.end(request.method === "HEAD" ? undefined : body);
  else await pipeline(body, response);
  // What was not read must not be taken for the next request.
  if (!request.readableEnded) request.resume();
};

const pageOf = ({ error }: Extract<Response, { readonly error: object }>, requestId: string) => ({
  status: error.status,
  headers: { "content-type": "text/html", server: "CloudFront" },
  body: Buffer.from(errorPage(error, requestId), "latin1"),
});

const mutable = (
  headers: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === "string" ? value : [...value],
    ]),
  );
