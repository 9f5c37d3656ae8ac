import { SigningHash } from "./signing-hash.ts";

/**
 * What every SDK client is made with.
 *
 * How long a call of AWS may take: two seconds to connect, three to be answered, three tries. What is answered later counts as
 * not answered, and is tried again or told; without this a call that stalls is waited for without end.
 * https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/migrate-client-constructors.html
 *
 * Its middleware is put together once for each operation and not for each call, which is a good part of what a call costs;
 * a call with options of its own, a time limit such as `abortSignal`, is still put together by itself, but for `callsOf`.
 * https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/CLIENTS.md
 */
export const SDK_CLIENT = {
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 3_000,
    // Without it the handler warns and waits on.
    throwOnRequestTimeout: true,
  },
  maxAttempts: 3,
  cacheMiddleware: true,
  sha256: SigningHash,
} as const;
