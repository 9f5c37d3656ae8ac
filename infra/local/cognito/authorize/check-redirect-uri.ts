import { findClient } from "../pool/context.ts";
import type { PageCheck } from "./authorize-request.ts";

/** The redirect address must be registered, compared as text: no wildcard, no case, the port counts. */
export const checkRedirectUri: PageCheck = (cognito, parameters) => {
  const found = findClient(cognito, parameters.get("client_id") ?? "");
  return found?.client.callbackUrls.includes(parameters.get("redirect_uri") ?? "")
    ? undefined
    : "redirect_mismatch";
};
