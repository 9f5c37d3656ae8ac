import { expect } from "vitest";

// Vitest types its asymmetric matchers as any.
export const anyText: unknown = expect.any(String);
export const anyNumber: unknown = expect.any(Number);
export const containing = (text: string): unknown => expect.stringContaining(text);
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
