// RFC 8707, https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
import type { ClientCheck } from "./authorize-request.ts";

/** A resource must be an absolute URL without a fragment; http only on this machine. */
export const checkResource: ClientCheck = ({ parameters }) => {
  const resource = parameters.get("resource");
  if (resource === undefined || isResource(resource)) return undefined;
  return { error: "invalid_request", description: "invalid_resource" };
};

const isResource = (text: string): boolean => {
  if (!URL.canParse(text) || text.includes("#")) return false;
  const { protocol, hostname } = new URL(text);
  return protocol !== "http:" || ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
};
