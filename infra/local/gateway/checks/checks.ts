import type { Check, MessageCheck } from "../request/context.ts";
import { answerPreflight } from "./answer-preflight.ts";
import { authenticate } from "./authenticate.ts";
import { checkContentType } from "./check-content-type.ts";
import { checkHost } from "./check-host.ts";
import { checkMethod } from "./check-method.ts";
import { checkOrigin } from "./check-origin.ts";
import { checkPath } from "./check-path.ts";
import { checkProtocolVersion } from "./check-protocol-version.ts";
import { checkRateLimits } from "./check-rate-limits.ts";
import { checkRepeatedHeaders } from "./check-repeated-headers.ts";
import { getProtectedResourceMetadata } from "./get-protected-resource-metadata.ts";

/**
 * Everything that is asked of a request before its operation, in this order. The token comes before
 * Accept, content type and body: a client that only probes must get its 401.
 */
export const CHECKS = {
  beforeToken: [
    checkHost, // a page that rebinds its name to 127.0.0.1: 403
    checkOrigin, // a page of another site: 403
    checkRepeatedHeaders, // two tokens, two hosts: 400
    answerPreflight, // OPTIONS: 204
    getProtectedResourceMetadata, // the two /.well-known addresses: 200
    checkPath, // anything but /mcp: 404
    checkMethod, // anything but POST: 405
  ] satisfies readonly Check[],

  token: authenticate, // no or a bad token: 401; not for this gateway: 403

  beforeBody: [
    checkContentType, // not JSON: 415
  ] satisfies readonly Check[],

  // Here the body is read (over 6 MB: 413) and parsed (broken: 400). What asks for no answer ends here: 202

  message: [
    checkProtocolVersion, // a version that is not listed: 400
    checkRateLimits, // too often: 429
  ] satisfies readonly MessageCheck[],

  // Here the REQUEST interceptor has its say, then the operation, then the RESPONSE interceptor.
};
