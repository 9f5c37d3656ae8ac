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
