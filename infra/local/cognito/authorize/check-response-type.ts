import type { ClientCheck } from "./authorize-request.ts";

/** Only `code`, and only for clients that may; `token` is known, and not allowed to any client here. */
export const checkResponseType: ClientCheck = ({ client, parameters }) => {
  const type = parameters.get("response_type");
  if (type === "token" || (type === "code" && !client.flows.has("code"))) {
    return { error: "unauthorized_client" };
  }
  return type === "code" ? undefined : { error: "invalid_request" };
};
