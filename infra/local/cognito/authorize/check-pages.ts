// https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-brandingeditor.html

import { findClient } from "../pool/context.ts";
import type { PageCheck } from "./authorize-request.ts";

/** The newer sign-in pages show nothing for a client without a style, however right the request is. */
export const checkPages: PageCheck = (cognito, parameters) =>
  findClient(cognito, parameters.get("client_id") ?? "")?.client.hasPages
    ? undefined
    : "Login pages unavailable";
