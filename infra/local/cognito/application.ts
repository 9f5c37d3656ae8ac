import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { isLoopbackHost } from "#local/wire/loopback.ts";
import { refusalOfApiCall } from "./api/unsigned-operations.ts";
import { getAuthorize } from "./authorize/authorize.ts";
import { OAuthError } from "./oauth/oauth-error.ts";
import { getError } from "./pages/error-page.ts";
import { getLogin, postLogin } from "./pages/login.ts";
import { getLogout } from "./pages/logout.ts";
import { newPassword } from "./pages/new-password.ts";
import type { CognitoContext } from "./pool/context.ts";
import { openidConfiguration } from "./token/get-openid-configuration.ts";
import { postRevoke } from "./token/revoke.ts";
import { postToken } from "./token/token.ts";
import { userInfo } from "./token/user-info.ts";

// Far more than any form or token needs.
const MAX_BODY_BYTES = 64 * 1024;

/** Every address of the local Cognito. What is asked of all of them stands first. */
export const application = (cognito: CognitoContext): Hono => {
  const app = new Hono();
  app.use(refuseOtherHosts);
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }));

  // Public documents.
  app.use("/:pool/.well-known/*", cors({ origin: "*" }));
  app.get("/:pool/.well-known/openid-configuration", (c) => {
    const pool = cognito.pools.get(c.req.param("pool"));
    return pool === undefined ? c.notFound() : c.json(openidConfiguration(cognito, pool));
  });
  app.get("/:pool/.well-known/jwks.json", (c) => {
    const pool = cognito.pools.get(c.req.param("pool"));
    if (pool === undefined) return c.notFound();
    return c.json({ keys: cognito.keys.published(pool.poolId) });
  });

  // Pages for people.
  app.get("/oauth2/authorize", getAuthorize(cognito));
  app.get("/login", getLogin(cognito));
  app.post("/login", postLogin(cognito));
  app.on(["GET", "POST"], "/newPassword", newPassword(cognito));
  app.get("/logout", getLogout(cognito));
  app.get("/error", getError);

  // Endpoints for programs, also for those in a browser's page.
  for (const path of ["/oauth2/token", "/oauth2/revoke", "/oauth2/userInfo"]) {
    app.use(path, cors({ origin: "*" }), noStore);
  }
  app.post("/oauth2/token", postToken(cognito));
  app.post("/oauth2/revoke", postRevoke(cognito));
  app.on(["GET", "POST"], "/oauth2/userInfo", userInfo(cognito));

  // What an SDK sends for people; it was told this address for the pool's.
  app.post("/", (c) => {
    const refusal = refusalOfApiCall(c.req.header("x-amz-target"));
    if (refusal === undefined) return c.notFound();
    const body = { __type: refusal.code, message: refusal.message };
    return c.body(JSON.stringify(body), 501, { "content-type": "application/x-amz-json-1.1" });
  });

  app.notFound((c) => c.json({ message: "Not Found" }, 404));
  app.onError((error, c) => {
    if (error instanceof OAuthError) return oauthErrorAnswer(c, error);
    cognito.log(`${c.req.method} ${c.req.path} failed: ${error.stack ?? error.message}`);
    return c.json({ error: "server_error" }, 500);
  });
  return app;
};

// The rest of the body is not read: the connection cannot be used again.
const tooLarge = (c: Context): Response =>
  c.json({ error: "invalid_request" }, 413, { connection: "close" });

type Next = () => Promise<void>;

// A page elsewhere that rebinds its name to 127.0.0.1 must not read a sign-in page.
const refuseOtherHosts = async (c: Context, next: Next): Promise<Response | undefined> => {
  if (!isLoopbackHost(c.req.header("host"))) return c.text("Forbidden", 403);
  await next();
  c.header("x-content-type-options", "nosniff");
  return undefined;
};

const noStore = async (c: Context, next: Next): Promise<void> => {
  await next();
  c.header("cache-control", "no-store");
  c.header("pragma", "no-cache");
};

const oauthErrorAnswer = (c: Context, error: OAuthError): Response => {
  const description =
    error.description === undefined ? {} : { error_description: error.description };
  return c.json({ error: error.code, ...description }, 400);
};
