import { HomeError } from "#domain/home-error.ts";

const NOTHING = "Nothing was changed.";

/**
 * Decides something before anything is written: a refusal says so, and where a home's own data are missing, who can give
 * them and how.
 */
export const deciding = <T>(decide: () => T): T => {
  try {
    return decide();
  } catch (cause) {
    if (!(cause instanceof HomeError) || cause.message.includes(NOTHING)) throw cause;
    const how =
      cause.code === "PositionMissing"
        ? " Whoever looks after the home gives it: npm run schedule -- settings --position 52.52,13.405."
        : "";
    throw new HomeError(cause.code, `${cause.message}${how} ${NOTHING}`, {
      closest: cause.closest,
      cause,
    });
  }
};
