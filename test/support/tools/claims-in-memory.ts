interface Claim {
  readonly key: string;
  readonly run: string;
  readonly claimedAtMs: number;
}

/** The claims, by their keys. */
export const claims = new Map<string, Claim>();

/** In the place of #adapters/runs/run-claims.ts, as the table's condition has it. */
export const claimRun = async (
  _: string,
  __: unknown,
  claim: Claim,
  after?: { readonly run: string; readonly beforeMs?: number },
): Promise<string> => {
  const stands = claims.get(claim.key);
  const isOver = stands === undefined || stands.claimedAtMs < claim.claimedAtMs - 330_000;
  const isTaken =
    stands?.run === after?.run && (stands?.claimedAtMs ?? 0) < (after?.beforeMs ?? Infinity);
  if (!isOver && !isTaken) return stands.run;
  claims.set(claim.key, claim);
  return claim.run;
};

export const putClaim = async (_: string, __: unknown, claim: Claim): Promise<void> => {
  claims.set(claim.key, claim);
};

export const readClaim = async (_: string, __: unknown, key: string): Promise<string | undefined> =>
  claims.get(key)?.run;
