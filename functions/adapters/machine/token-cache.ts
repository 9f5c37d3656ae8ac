/** A token, and when it is worth nothing any more. */
export interface IssuedToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

export interface TokenCache {
  /** The token that is at hand, or a new one; callers at the same time share one request. */
  get(): Promise<string>;
  /** This one was refused: the next call asks for another, unless somebody did already. */
  forget(token: string): void;
}

/**
 * Keeps a token for three quarters of its life, as Cognito's guide advises.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-caching-tokens.html
 */
export const createTokenCache = (
  ask: () => Promise<IssuedToken>,
  now: () => number = Date.now,
): TokenCache => {
  let kept: { readonly token: string; readonly untilMs: number } | undefined;
  let asking: Promise<string> | undefined;
  const renew = async (): Promise<string> => {
    const askedAtMs = now();
    const { token, expiresInSeconds } = await ask();
    kept = { token, untilMs: askedAtMs + expiresInSeconds * 750 };
    return token;
  };
  return {
    get: () => {
      if (kept !== undefined && now() < kept.untilMs) return Promise.resolve(kept.token);
      asking ??= renew().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    forget: (token) => {
      if (kept?.token === token) kept = undefined;
    },
  };
};
