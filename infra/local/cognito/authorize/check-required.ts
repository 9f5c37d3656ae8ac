import type { PageCheck } from "./authorize-request.ts";

/** client_id and redirect_uri must be there; nothing can be told to a client that is not named. */
export const checkRequired: PageCheck = (_cognito, parameters) =>
  parameters.get("client_id") && parameters.get("redirect_uri")
    ? undefined
    : "Required parameters missing";
