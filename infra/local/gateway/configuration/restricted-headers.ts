// The service's list is longer; these are the ones that could change what a call means.
// https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-headers.html
const RESTRICTED = new Set([
  "authorization",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "cookie",
  "expect",
  "forwarded",
  "host",
  "keep-alive",
  "origin",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);

/** Whether a target may not ask for this header. */
export const isRestrictedHeader = (name: string): boolean => {
  const lower = name.toLowerCase();
  if (lower.startsWith("x-amzn-bedrock-agentcore-runtime-custom-")) return false;
  return lower.startsWith("x-amzn-") || RESTRICTED.has(lower);
};
