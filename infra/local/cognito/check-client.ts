import type { PageCheck } from "./authorize-request.ts";
import { findClient } from "./context.ts";

/** The client must exist, in a pool that has a sign-in domain. */
export const checkClient: PageCheck = (cognito, parameters) =>
  findClient(cognito, parameters.get("client_id") ?? "") === undefined
    ? "Invalid client id"
    : undefined;
