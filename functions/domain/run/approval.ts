import type { Caller } from "#domain/access/caller.ts";
import { HomeError } from "#domain/home-error.ts";
import { sha256, toBase32 } from "#domain/sha256.ts";

/** That somebody asked for a plan which lets somebody in, and what it is bound to. */
export interface AskedApproval {
  readonly id: string;
  readonly planHash: string;
  readonly asker: Caller;
  readonly askedAtMs: number;
  readonly expiresAtMs: number;
}

/** As long as the plan that it is bound to may be looked at. */
export const APPROVAL_LIFETIME_MS = 300_000;

// A model that asks and approves in one breath has asked nobody. Ten seconds are more than it takes to answer itself,
// and less than it takes a person to read what would be opened.
const BREATH_MS = 10_000;

const DIGITS = 20;

/** A new approval's id, a function of `random`: 100 bits that nobody guesses within its minutes. */
export const approvalIdOf = async (random: string): Promise<string> =>
  `approval_${toBase32(await sha256(JSON.stringify(["approval", random])), DIGITS)}`;

/** Is this the form of an approval's id? */
export const isApprovalId = (text: string): boolean =>
  /^approval_[0-9a-hjkmnp-tv-z]{20}$/.test(text);

/**
 * Promises that `approver` may approve what was asked, at `nowMs`. A machine asks nobody, a visitor does not live there,
 * and whoever asked must have had the time to read, unless the home approves its own residents at once.
 * @throws HomeError `ApprovalNotAllowed`, `ApprovalExpired`, `ApprovalTooSoon`
 */
export const requireApprovable = (
  asked: AskedApproval,
  approver: { readonly caller: Caller; readonly isResident: boolean },
  nowMs: number,
  approvesOwn: boolean,
): void => {
  if (approver.caller.username === undefined || !approver.isResident) {
    throw new HomeError(
      "ApprovalNotAllowed",
      "Only a person who lives in the home can approve this. Nothing was changed.",
    );
  }
  if (nowMs >= asked.expiresAtMs) {
    throw new HomeError(
      "ApprovalExpired",
      `The approval ${asked.id} has expired. Call run_scene without "approval_id" to ask again. Nothing was changed.`,
    );
  }
  const isOwn =
    asked.asker.sub === approver.caller.sub && asked.asker.clientId === approver.caller.clientId;
  if (isOwn && !approvesOwn && nowMs < asked.askedAtMs + BREATH_MS) {
    throw new HomeError(
      "ApprovalTooSoon",
      `This was asked for less than ${BREATH_MS / 1000} s ago. Show the user what would be opened, and call again when they have agreed. Nothing was changed.`,
    );
  }
};
