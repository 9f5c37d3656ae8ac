import { checkAsked } from "./check-asked.ts";
import { checkChallenge } from "./check-challenge.ts";
import { checkClient } from "./check-client.ts";
import { checkClocks } from "./check-clocks.ts";
import { checkConnection } from "./check-connection.ts";
import { checkResource, checkResourceMetadata } from "./check-resource-metadata.ts";
import { checkScopes } from "./check-scopes.ts";
import { checkSecret } from "./check-secret.ts";
import { checkPkce, checkServerMetadata } from "./check-server-metadata.ts";
import { checkSignIn } from "./check-sign-in.ts";
import { checkClaims, checkTokenAccepted } from "./check-token.ts";
import { checkTools } from "./check-tools.ts";
import type { Check } from "./diagnosis.ts";

/** What Claude does, in its order; a step builds on what the ones before it have learned. */
export const CHECKS: readonly { readonly step: string; readonly check: Check }[] = [
  { step: "Connection", check: checkConnection },
  { step: "Challenge", check: checkChallenge },
  { step: "Protected-resource metadata", check: checkResourceMetadata },
  { step: "Resource", check: checkResource },
  { step: "Authorization-server metadata", check: checkServerMetadata },
  { step: "PKCE", check: checkPkce },
  { step: "Clocks", check: checkClocks },
  { step: "Client and callbacks", check: checkClient },
  { step: "What a program asked", check: checkAsked },
  { step: "Secret", check: checkSecret },
  { step: "Scopes", check: checkScopes },
  { step: "Sign-in", check: checkSignIn },
  { step: "Claims", check: checkClaims },
  { step: "Token at the server", check: checkTokenAccepted },
  { step: "Tools", check: checkTools },
];
