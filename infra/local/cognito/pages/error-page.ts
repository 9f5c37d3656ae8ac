import type { Context } from "hono";
import { html } from "hono/html";
import { page, pageHeaders } from "./page.ts";

// What this server sends here itself. Anything else could be a stranger's message under our name.
const KNOWN: ReadonlyMap<string, string> = new Map([
  ["redirect_mismatch", "The address that it asked to return to is not registered for it."],
  ["Required parameters missing", "It did not say who it is or where to return to."],
  ["Repeated parameters", "It said the same thing twice."],
  ["Invalid client id", "It is not known here."],
  [
    "Login pages unavailable",
    "It has no style (ManagedLoginBranding), and the newer sign-in pages want one.",
  ],
]);

/** GET /error: Cognito's page for what must not be sent to a redirect address. */
export const getError = (c: Context): Response | Promise<Response> => {
  const error = c.req.query("error") ?? "";
  const why = KNOWN.get(error);
  return c.html(
    page(
      "Error",
      html`
<h1>Something went wrong</h1>
<p>An error was encountered with the requested page.</p>
${why === undefined ? "" : html`<p class="hint"><strong>${error}</strong>: the app that sent you here is not set up right. ${why}</p>`}`,
    ),
    400,
    { ...pageHeaders() },
  );
};
