import { putClaim, readClaim } from "#adapters/runs/run-claims.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { requestKeyOf } from "#domain/run/run-claim.ts";

/**
 * Keeps which run a request id stands for where that has not the request's own id: an undo that somebody else asked for, or
 * that has an id by itself. It is kept for an hour, for whoever got no answer and asks again.
 * @param asked the id that a run of that request has by itself
 */
export const claimRequest = async (
  homeTableName: string,
  access: HomeAccess,
  asked: string,
  run: string,
): Promise<void> => {
  const key = await requestKeyOf(homeOf(access), asked);
  await putClaim(homeTableName, access, { key, run, claimedAtMs: Date.now() });
};

/** The run that was kept so; `undefined` where there is none. */
export const claimedByRequest = async (
  homeTableName: string,
  access: HomeAccess,
  asked: string,
): Promise<string | undefined> =>
  readClaim(homeTableName, access, await requestKeyOf(homeOf(access), asked));
