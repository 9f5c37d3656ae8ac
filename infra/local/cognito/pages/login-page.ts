import { html } from "hono/html";
import { type Html, page } from "./page.ts";

/** The form for a name and a password. */
export const loginPage = (form: {
  readonly clientName: string;
  /** The query of the authorization request, with its question mark. */
  readonly search: string;
  readonly csrf: string;
  readonly username?: string;
  readonly error?: string;
}): Html => {
  const wrong = form.error !== undefined;
  const mark = wrong ? html` aria-invalid="true" aria-describedby="error"` : "";
  return page(
    wrong ? "Error: Sign in" : "Sign in",
    html`
<h1>Sign in</h1>
<p class="for">to continue to ${form.clientName}</p>
${wrong ? html`<p class="alert" id="error" role="alert">${form.error}</p>` : ""}
<form method="post" action="/login${form.search}">
<input type="hidden" name="_csrf" value="${form.csrf}">
<label for="username">Username</label>
<input id="username" name="username" value="${form.username ?? ""}" autocomplete="username"
 autocapitalize="none" autocorrect="off" spellcheck="false" maxlength="128" required${mark}
 ${wrong ? "" : "autofocus"}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="256"
 required${mark} ${wrong ? "autofocus" : ""}>
<button type="submit">Sign in</button>
</form>`,
  );
};
