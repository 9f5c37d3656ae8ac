import type { HomeError, PlaceInText } from "#domain/home-error.ts";

/** An expected refusal, in the tool's own answer: the gateway hides what a function throws. */
export interface ToolError {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly closest?: readonly string[];
    /** Where in a definition that was sent. */
    readonly at?: PlaceInText;
  };
}

/** The answer of a tool that refuses. */
export const toToolError = (error: HomeError): ToolError => ({
  error: {
    code: error.code,
    message: error.message,
    ...(error.closest.length === 0 ? {} : { closest: error.closest }),
    ...(error.at === undefined ? {} : { at: error.at }),
  },
});
