import { isPrintable } from "#domain/printable.ts";
import { Problem } from "./problem.ts";

/** @throws Problem naming the option */
export const parseJsonOption = (name: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Problem(
      `--${name} must be JSON in quotes, such as '{"light":{"on":false}}' (${why}).`,
      { cause },
    );
  }
};

/** @throws Problem naming the option */
export const parseSecondsOption = (name: string, text: string): number => {
  const seconds = Number(text);
  if (text.trim() !== "" && Number.isFinite(seconds)) return seconds;
  throw new Problem(`--${name} must be a number of seconds, not "${text}".`);
};

/** @throws Problem naming the option */
export const parsePortOption = (name: string, text: string): number => {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new Problem(`--${name} must be a port from 0 to 65535, not "${text}".`);
};

/**
 * A text that people will read: a name, a reason.
 * @throws Problem naming the option
 */
export const parseTextOption = (name: string, text: string, longest: number): string => {
  const trimmed = text.trim();
  if (trimmed !== "" && trimmed.length <= longest && isPrintable(trimmed)) return trimmed;
  throw new Problem(
    `${name} must be a text of 1 to ${longest} characters that can be seen, without hidden ones. Nothing was changed.`,
  );
};
