import { nodeSha256 } from "#adapters/audit/node-sha256.ts";
import { proveRun, readSignedHead } from "#adapters/run-audit.ts";
import { openSigningKey, type SigningKey } from "#adapters/sealing/signing-key.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { counted } from "#domain/counted.ts";
import { HomeError } from "#domain/home-error.ts";
import { toBase64 } from "#domain/log/base64.ts";
import { vkeyOf } from "#domain/log/note.ts";
import { isRunId } from "#domain/run/run.ts";
import type { VerifyRunsCall } from "#domain/tools/verify-runs.ts";

/** Names of what the stack deployed. */
export interface Deployment {
  readonly auditTableName: string;
  readonly logTableName: string;
  readonly logKeyArn: string;
}

let key: SigningKey | undefined;

/**
 * Recomputes how the records of some runs stand to the home's log.
 * @throws HomeError `LogInvalid` when the log has no head that its key signed
 */
export const verifyRuns = async (
  { auditTableName, logTableName, logKeyArn }: Deployment,
  access: HomeAccess,
  { runIds, detail }: VerifyRunsCall,
): Promise<unknown> => {
  key ??= openSigningKey(logKeyArn);
  const publicKey = await key.publicKey();
  const head = await readSignedHead(logTableName, access, publicKey);
  if (typeof head === "string") {
    throw new HomeError(
      "LogInvalid",
      head === "no head"
        ? "Nothing of this home is sealed yet: that takes about a minute. Nothing was changed."
        : `The head of this home's log is ${head} by the log's key. Treat it as an incident: npm run audit -- verify --live. Nothing was changed.`,
    );
  }
  const tables = { auditTable: auditTableName, logTable: logTableName };
  const runs = [];
  for (const run of runIds) {
    const proofs = isRunId(run) ? await proveRun(tables, access, run, head) : [];
    runs.push({
      ...verdictOf(run, proofs),
      ...(detail === "full" ? { proofs: proofs.flatMap(shownProof) } : {}),
    });
  }
  const proved = runs.filter(({ verdict }) => verdict === "proved").length;
  return {
    say: `${proved} of ${counted(runs.length, "run")} proved: each record is as it was sealed, under the signed head of ${head.size} entries.`,
    runs,
    head: {
      entries: head.size,
      root: toBase64(head.root),
      key: vkeyOf(nodeSha256, { name: head.origin, publicKey }),
      ...(detail === "full" ? { note: head.note } : {}),
    },
    not_proved:
      "What was never written, or was deleted before it was sealed; that the account itself tells the truth: compare this head with an older one (npm run audit -- verify --older).",
  };
};

type Proofs = Awaited<ReturnType<typeof proveRun>>;

/** What it takes to verify a record without us: how the entry was made, and the way from it to the root. */
const shownProof = ({ record, item, proof }: Proofs[number]) =>
  proof.is === "proved"
    ? [
        {
          record,
          item,
          index: proof.index,
          entry: new TextDecoder().decode(proof.entry),
          salt: toBase64(proof.salt),
          hashes: proof.hashes.map(toBase64),
        },
      ]
    : [];

const verdictOf = (run: string, proofs: Proofs) => {
  const count = (is: string): number => proofs.filter(({ proof }) => proof.is === is).length;
  const broken = proofs.flatMap(({ record, proof }) =>
    proof.is === "changed" || proof.is === "not in the tree"
      ? [`${record} (entry ${proof.index}): ${proof.is}`]
      : [],
  );
  const verdict =
    proofs.length === 0
      ? "no such run"
      : broken.length > 0
        ? "broken"
        : count("not sealed") > 0
          ? "not sealed yet"
          : "proved";
  return {
    run_id: run,
    verdict,
    records: proofs.length,
    proved: count("proved"),
    not_sealed: count("not sealed"),
    ...(broken.length === 0 ? {} : { broken }),
  };
};
