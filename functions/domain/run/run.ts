import type { Caller } from "#domain/access/caller.ts";
import type { Role } from "#domain/access/membership.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { sha256, toBase32 } from "#domain/sha256.ts";

/** Who asked for a run, through what, and why: everything about it but the plan. */
export interface RunRequest {
  readonly id: string;
  readonly scene: string;
  readonly caller: Caller;
  /** What the caller was in the home. */
  readonly role: Role;
  /** Why somebody who does not live there could act. */
  readonly visitReason?: string;
  /** In the caller's words. */
  readonly reason?: string;
  /** The caller's idempotency key. */
  readonly requestId?: string;
  /** The approval that it needed, used up by it. */
  readonly approval?: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly requestedAt: string;
}

/** Of a run id, after `run_`. */
export const RUN_ID_DIGITS = 20;

/** Is this the form of a run id: `run_` and 20 base-32 digits? */
export const isRunId = (text: string): boolean => /^run_[0-9a-hjkmnp-tv-z]{20}$/.test(text);

/**
 * The id of a run. With a request id it is a function of home, caller and request id, so that the same request finds
 * the same run (100 bits of SHA-256; neither another caller's request ids nor the same caller's in another home can meet
 * them); without one, of `random`.
 */
export const runIdFor = async (
  home: HomeId,
  caller: Pick<Caller, "sub">,
  requestId: string | undefined,
  random: string,
): Promise<string> => {
  const seed =
    requestId === undefined ? ["random", random] : ["request", home, caller.sub, requestId];
  return `run_${toBase32(await sha256(JSON.stringify(seed)), RUN_ID_DIGITS)}`;
};

/** An Express workflow ends after five minutes at most; half a minute later a run without an outcome has none to come. */
export const RUN_LIMIT_MS = 330_000;
