import "./jitless.ts";
import * as z from "zod";

/** What config.json tells the page: where the gateway and the sign-in are. */
export const configuration = z.object({
  gateway: z.string(),
  clientId: z.string(),
  issuer: z.string(),
  authorizationEndpoint: z.url(),
  tokenEndpoint: z.url(),
  revocationEndpoint: z.url(),
  logoutEndpoint: z.url(),
  scopes: z.array(z.string()),
  redirectUri: z.url(),
  stage: z.string().optional(),
});

export type Configuration = z.infer<typeof configuration>;
