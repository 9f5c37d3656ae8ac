import type { VerifiedRun } from "../../model/answers.ts";
import { verifiedRuns } from "../../model/answers.ts";
import {
  type Continuity,
  type Head,
  type ProofFinding,
  verifyHead,
  verifyRun,
} from "../../model/verify-proofs.ts";
import { verifyEd25519 } from "../../model/web-crypto.ts";
import { compareWithKnown } from "./known-head.ts";
import { call } from "./session.ts";

/** What this browser found when it verified some runs itself. */
export type Proved =
  | { readonly is: "bad_signature" }
  | {
      readonly is: "verified";
      readonly head: Head;
      readonly continuity: Continuity;
      readonly runs: readonly { readonly run: VerifiedRun; readonly finding: ProofFinding }[];
    };

/** Asks for the proofs of some runs, and verifies them here. @throws ProblemError */
export const prove = async (runIds: readonly string[], signal?: AbortSignal): Promise<Proved> => {
  const answer = await call(
    "verify_runs",
    { run_ids: runIds, detail: "full" },
    verifiedRuns,
    signal,
  );
  const head = await verifyHead(answer.head, verifyEd25519);
  if (head === undefined) return { is: "bad_signature" };
  const runs = [];
  for (const run of answer.runs) runs.push({ run, finding: await verifyRun(run, head) });
  return { is: "verified", head, continuity: compareWithKnown(head), runs };
};
