import { html } from "hono/html";
import type { PasswordPolicy } from "../pool/pool.ts";
import { type Html, page } from "./page.ts";

/** The form for the password that replaces a temporary one. */
export const newPasswordPage = (form: {
  readonly username: string;
  readonly search: string;
  readonly csrf: string;
  readonly policy: PasswordPolicy;
  readonly error?: string;
}): Html => {
  const wrong = form.error !== undefined;
  return page(
    wrong ? "Error: Choose a new password" : "Choose a new password",
    html`
<h1>Choose a new password</h1>
<p class="for">${form.username}, your password was a temporary one.</p>
${wrong ? html`<p class="alert" id="error" role="alert">${form.error}</p>` : ""}
<form method="post" action="/newPassword${form.search}">
<input type="hidden" name="_csrf" value="${form.csrf}">
<input type="hidden" name="username" value="${form.username}" autocomplete="username">
<label for="new-password">New password</label>
<input id="new-password" name="new_password" type="password" autocomplete="new-password"
 maxlength="256" required autofocus aria-describedby="rules${wrong ? " error" : ""}"
 ${wrong ? html`aria-invalid="true"` : ""}>
<ul class="hint" id="rules">${rulesOf(form.policy).map((rule) => html`<li>${rule}</li>`)}</ul>
<label for="confirm-password">New password again</label>
<input id="confirm-password" name="confirm_password" type="password" autocomplete="new-password"
 maxlength="256" required>
<button type="submit">Set password</button>
</form>`,
  );
};

const rulesOf = (policy: PasswordPolicy): readonly string[] => [
  `At least ${policy.minimumLength} characters`,
  ...(policy.requireLowercase ? ["A lower-case letter"] : []),
  ...(policy.requireUppercase ? ["An upper-case letter"] : []),
  ...(policy.requireNumbers ? ["A number"] : []),
  ...(policy.requireSymbols ? ["A symbol, such as ! or -"] : []),
];
