/** The run that each claim names. */
export const claims = new Map<string, string>();

/**
 * In the place of #adapters/runs/run-claims.ts, as the table's condition has it: the first claims, and only the claim of a run
 * that has ended is taken over.
 */
export const claimRun = async (
  _: string,
  __: unknown,
  { key, run }: { readonly key: string; readonly run: string },
  after?: string,
): Promise<string> => {
  const claimed = claims.get(key);
  if (claimed !== undefined && claimed !== after) return claimed;
  claims.set(key, run);
  return run;
};
