import { expect } from "vitest";

/** A text that has another one in it. (Vitest types its own as `any`.) */
export const containing = (text: string): unknown => expect.stringContaining(text);

/** A text that a pattern fits. */
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

/** Any text at all. */
export const anyText = (): unknown => expect.any(String);
