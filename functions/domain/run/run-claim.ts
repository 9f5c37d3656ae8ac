import type { Caller } from "#domain/access/caller.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { sha256, toBase32 } from "#domain/sha256.ts";
import { RUN_LIMIT_MS } from "./run.ts";

/** What makes two calls the same: a plan's hash, or the run that both take back. */
export type Asked = { readonly planHash: string } | { readonly undoes: string };

/** That a run is begun, or about to be, for a caller who asks for this; nothing but a name of a run that the audit tells of. */
export interface RunClaim {
  /** What is asked for, and by whom, in 20 base-32 digits. */
  readonly key: string;
  readonly run: string;
  readonly claimedAtMs: number;
}

const DIGITS = 20;

/**
 * The key of a claim: equal for the same caller who asks for the same in the same home, and for nobody else. A run is taken
 * back by one run at a time, whoever asks.
 */
export const claimKeyOf = async (
  home: HomeId,
  { sub }: Pick<Caller, "sub">,
  asked: Asked,
): Promise<string> => {
  const what = "undoes" in asked ? ["undoes", asked.undoes] : [sub, "plan", asked.planHash];
  return toBase32(await sha256(JSON.stringify([home, ...what])), DIGITS);
};

/** The key of what a request id stands for: a function of `asked`, the id that a run of that request has by itself. */
export const requestKeyOf = async (home: HomeId, asked: string): Promise<string> =>
  toBase32(await sha256(JSON.stringify([home, "request", asked])), DIGITS);

/** The moment before which a claim says nothing: the time of its run is over. */
export const claimsOverBeforeMs = (nowMs: number): number => nowMs - RUN_LIMIT_MS;
