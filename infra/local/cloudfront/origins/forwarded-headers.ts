// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-headers-behavior
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html#add-origin-custom-headers-forward-authorization
import type { Behaviour } from "../configuration/distribution.ts";
import type { ViewerRequest } from "../viewer/viewer-request.ts";

/** What no proxy passes on, and what CloudFront takes off whatever its policies say. */
const HOP_BY_HOP = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-real-ip",
]);

/** Is it a header of this connection only? */
export const isHopByHop = (name: string): boolean => HOP_BY_HOP.has(name);

// They describe the body, which always goes.
const OF_THE_BODY = new Set(["content-type", "content-length", "content-encoding"]);

/**
 * What of a viewer's headers reaches an origin of one's own, by the behaviour's policies. CloudFront's own come in
 * addition. The Host is dropped but where a policy forwards it.
 */
export const forwardedHeaders = (
  request: ViewerRequest,
  { cachePolicy, originRequestPolicy }: Behaviour,
): Record<string, readonly string[]> => {
  const forwarded: Record<string, readonly string[]> = {};
  for (const [name, values] of Object.entries(request.headers)) {
    if (isHopByHop(name)) continue;
    if (name === "host" && originRequestPolicy?.forwardsHost !== true) continue;
    // The managed policies that forward all headers let it through; where answers are kept, nobody's should be another's.
    if (name === "authorization" && cachePolicy.caches) continue;
    if (originRequestPolicy === undefined && !OF_THE_BODY.has(name)) continue;
    forwarded[name] = values;
  }
  if (originRequestPolicy !== undefined && request.cookies.length > 0) {
    forwarded.cookie = [request.cookies.join("; ")];
  }
  if (originRequestPolicy === undefined) forwarded["user-agent"] = ["Amazon CloudFront"];
  return forwarded;
};
