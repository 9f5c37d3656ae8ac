import type { Check } from "./check.ts";
import { checkCallerGone } from "./check-caller-gone.ts";
import { checkCertificate } from "./check-certificate.ts";
import { checkCutOffRun } from "./check-cut-off-run.ts";
import { checkGuest } from "./check-guest.ts";
import { checkHome } from "./check-home.ts";
import { checkLastWill } from "./check-last-will.ts";
import { checkMcpSession } from "./check-mcp-session.ts";
import { checkNarrowToken } from "./check-narrow-token.ts";
import { checkRecords } from "./check-records.ts";
import { checkRemoval } from "./check-removal.ts";
import { checkScene } from "./check-scene.ts";
import { checkSignInWay } from "./check-sign-in-way.ts";
import { checkToken } from "./check-token.ts";
import { checkWithdrawal } from "./check-withdrawal.ts";

/** All checks, in their order; the last one takes away what the others made. */
export const CHECKS: readonly Check[] = [
  checkSignInWay,
  checkToken,
  checkMcpSession,
  checkHome,
  checkCertificate,
  checkScene,
  checkRecords,
  checkNarrowToken,
  checkGuest,
  checkLastWill,
  checkCallerGone,
  checkWithdrawal,
  checkCutOffRun,
  checkRemoval,
];
