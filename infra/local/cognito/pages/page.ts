import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** Text that is already safe to put into a page; everything else is escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

// System fonts and colours that keep a contrast of 4.5:1 in both schemes. Nothing is loaded from anywhere.
const STYLE = `
:root { color-scheme: light dark; --page: #f3f5f8; --card: #fff; --text: #16202e; --quiet: #4d5a6b;
  --line: #8693a5; --accent: #0b5cad; --on-accent: #fff; --bad: #a3141e; --bad-page: #fdecee; }
@media (prefers-color-scheme: dark) { :root { --page: #10151c; --card: #1a212b; --text: #eef2f7;
  --quiet: #b2bdcb; --line: #6d7b8e; --accent: #8ec2ff; --on-accent: #0b1a2b; --bad: #ffb4b8; --bad-page: #3a1a1e; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem 1rem;
  background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 25rem; }
.card { background: var(--card); border-radius: 1rem; padding: 2.25rem 2rem;
  box-shadow: 0 1px 2px rgb(16 24 40 / .08), 0 12px 32px rgb(16 24 40 / .1); }
.mark { display: block; width: 2.75rem; height: 2.75rem; margin: 0 0 1.25rem; color: var(--accent); }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; }
.for { margin: .35rem 0 1.5rem; color: var(--quiet); overflow-wrap: anywhere; }
label { display: block; margin: 1.1rem 0 .35rem; font-weight: 600; }
input { width: 100%; min-height: 3rem; padding: .6rem .8rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
input[aria-invalid] { border-color: var(--bad); }
:is(input, button, a):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button { width: 100%; min-height: 3rem; margin-top: 1.75rem; font: inherit; font-weight: 600;
  color: var(--on-accent); background: var(--accent); border: 0; border-radius: .6rem; cursor: pointer; }
button:hover { filter: brightness(1.08); }
.alert { margin: 0 0 .5rem; padding: .75rem .9rem; border-radius: .6rem; color: var(--bad);
  background: var(--bad-page); border: 1px solid currentcolor; }
.hint { margin: .5rem 0 0; color: var(--quiet); font-size: .9rem; }
ul.hint { padding-left: 1.1rem; }
footer { margin-top: 1.25rem; text-align: center; text-wrap: balance;
  color: var(--quiet); font-size: .85rem; }
`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

const MARK = `<svg class="mark" viewBox="0 0 44 44" fill="none" stroke="currentColor" stroke-width="3"
stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><rect x="8" y="19" width="28" height="19" rx="4"/>
<path d="M14 19v-5a8 8 0 0 1 16 0v5M22 26v5"/></svg>`;

/** A whole page around one card. */
export const page = (title: string, content: Html): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<div class="card">${raw(MARK)}${content}</div>
<footer>Local Amazon Cognito. What you type stays on this machine.</footer>
</main>
</body>
</html>`;

/**
 * Headers of every page: no script at all, no frame, no cache. `formTarget` is where a form may lead
 * in the end; browsers hold form-action against the redirect that follows a form, too.
 */
export const pageHeaders = (formTarget?: string): Readonly<Record<string, string>> => ({
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    `form-action 'self'${formTarget === undefined ? "" : ` ${sourceOf(formTarget)}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; "),
  "x-frame-options": "DENY",
  // With no-referrer a browser would send "Origin: null" with the form, and it could not be checked.
  "referrer-policy": "same-origin",
});

// A source list has no place for IPv6 addresses or for what follows the host.
const sourceOf = (address: string): string => {
  const { protocol, host, hostname } = new URL(address);
  const named = ["http:", "https:"].includes(protocol) && !hostname.startsWith("[");
  return named ? `${protocol}//${host}` : protocol;
};
