// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-headers

const DISALLOWED =
  /^(?:connection|expect|keep-alive|proxy-(?:authenticate|authorization|connection)|trailer|upgrade|x-accel-.*|x-amz-cf-.*|x-amzn-.*|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip)$/;

/** Is it a header that functions do not see and may not set? */
export const isDisallowed = (name: string): boolean => DISALLOWED.test(name);

// Those of a viewer's request.
const READ_ONLY = new Set(["content-length", "host", "transfer-encoding", "via"]);

/** Is it a header of a viewer's request that functions see and may not change? */
export const isReadOnly = (name: string): boolean => READ_ONLY.has(name);
