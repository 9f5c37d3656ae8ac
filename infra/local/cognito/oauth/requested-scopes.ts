/**
 * The scopes that a request gets: those it names, or all that are allowed when it names none.
 * Nothing when it names one that is not allowed.
 */
export const requestedScopes = (
  requested: string | undefined,
  allowed: readonly string[],
): readonly string[] | undefined => {
  const named = [...new Set((requested ?? "").split(" ").filter((scope) => scope !== ""))];
  if (named.length === 0) return allowed;
  return named.every((scope) => allowed.includes(scope)) ? named : undefined;
};
