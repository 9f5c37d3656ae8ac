import { HomeError, type HomeErrorCode } from "#domain/home-error.ts";

/** The code that a call is refused with; undefined when it is not. What is not a HomeError is thrown on. */
export const codeOf = (call: () => unknown): HomeErrorCode | undefined => {
  try {
    call();
  } catch (error) {
    if (error instanceof HomeError) return error.code;
    throw error;
  }
  return undefined;
};

/** The message that a call is refused with. */
export const messageOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (error instanceof HomeError) return error.message;
    throw error;
  }
  throw new Error("The call was not refused.");
};
