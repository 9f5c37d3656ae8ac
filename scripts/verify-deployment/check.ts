import type { Finding } from "./finding.ts";
import type { Visit } from "./visit.ts";

/** The checks, in the order in which they are made. */
export const CHECK_NAMES = [
  "sign-in way",
  "token",
  "mcp session",
  "throw-away home",
  "certificate over mqtt",
  "scene",
  "audit records",
  "narrow token",
  "guest",
  "last will",
  "caller gone",
  "withdrawal",
  "cut-off run",
  "removal",
] as const;

export type CheckName = (typeof CHECK_NAMES)[number];

/** One thing that must hold of a stack that works. */
export interface Check {
  readonly name: CheckName;
  /** Without these there is nothing to look at. */
  readonly needs: readonly CheckName[];
  /** What it found. @throws Fault, or what AWS answers: both are findings too */
  look(visit: Visit): Promise<Finding>;
}

/** A check that was made, or that could not be. */
export interface CheckDone extends Finding {
  readonly check: CheckName;
  /** `untried` where something that it needs failed, or where the stack has nothing to check. */
  readonly state: "holds" | "fails" | "untried";
  readonly tookMs: number;
}

/** The code of a check that this stack, or this way to it, has nothing for. */
export const NOTHING_TO_CHECK = "NothingToCheck";
