import { findClient } from "../pool/context.ts";
import type { PageCheck } from "./authorize-request.ts";

/** The client must exist, in a pool that has a sign-in domain. */
export const checkClient: PageCheck = (cognito, parameters) =>
  findClient(cognito, parameters.get("client_id") ?? "") === undefined
    ? "Invalid client id"
    : undefined;
