/**
 * How long a call of AWS may take: a second to connect, three to be answered, three tries. What is answered later counts as
 * not answered, and is tried again or told; without this a call that stalls is waited for without end.
 * https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/migrate-client-constructors.html
 */
export const TIME_LIMITS = {
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    // Without it the handler warns and waits on.
    throwOnRequestTimeout: true,
  },
  maxAttempts: 3,
} as const;
