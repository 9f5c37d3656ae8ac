import { createRemoteJWKSet, type JWTVerifyGetKey } from "jose";
import * as z from "zod";

/** The sign-in server that a gateway trusts, with its documents cached. */
export interface TokenIssuer {
  /** The `issuer` of the discovery document. */
  name(): Promise<string>;
  /** Finds the public key of a token; asks again for a key id that it has not seen, at most every 5 s. */
  key: JWTVerifyGetKey;
}

const document = z.object({ issuer: z.string(), jwks_uri: z.url() });
type Discovered = z.infer<typeof document>;

const CACHE_MS = 10 * 60_000;
const TIMEOUT_MS = 5000;

// New keys are found after this long at the latest; invented key ids cost one request in this time.
const COOLDOWN_MS = 5000;

/** Trusts what the discovery document of `discoveryUrl` names. Nothing is fetched before the first use. */
export const tokenIssuer = (
  discoveryUrl: string,
  rewriteUrl: (url: string) => string,
  now: () => number,
): TokenIssuer => {
  let cached: { readonly discovered: Promise<Discovered>; readonly until: number } | undefined;
  let keys: { readonly uri: string; readonly get: JWTVerifyGetKey } | undefined;

  const discover = (): Promise<Discovered> => {
    const leftMs = (cached?.until ?? 0) - now();
    // More than was given: the clock was set back, and what is cached is of an unknown age.
    if (leftMs > CACHE_MS) keys = undefined;
    else if (cached !== undefined && leftMs > 0) return cached.discovered;
    const discovered = fetchDocument(rewriteUrl(discoveryUrl));
    cached = { discovered, until: now() + CACHE_MS };
    // A failure is not kept: the next request asks again.
    discovered.catch(() => {
      cached = undefined;
    });
    return discovered;
  };

  return {
    name: async () => (await discover()).issuer,
    key: async (header, token) => {
      const uri = rewriteUrl((await discover()).jwks_uri);
      if (keys?.uri !== uri) {
        keys = {
          uri,
          get: createRemoteJWKSet(new URL(uri), {
            cacheMaxAge: CACHE_MS,
            cooldownDuration: COOLDOWN_MS,
            timeoutDuration: TIMEOUT_MS,
          }),
        };
      }
      return keys.get(header, token);
    },
  };
};

const fetchDocument = async (url: string): Promise<Discovered> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return document.parse(await response.json());
};
