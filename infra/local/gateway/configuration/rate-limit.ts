// https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-rate-limits-enforcement.html
import type { JWTPayload } from "jose";
import { type Bucket, bucket } from "./bucket.ts";

/** How often callers of one kind may call. */
export interface RateLimitEntry {
  /** One value for each dimension key, in their order; `*` stands for every value, each with its own bucket. */
  readonly dimensions: readonly string[];
  readonly rate: number;
  readonly periodSeconds: number;
}

/** An AWS::BedrockAgentCore::GatewayRateLimit. */
export interface RateLimit {
  readonly rateLimitId: string;
  readonly dimensionKeys: readonly string[];
  readonly entries: readonly RateLimitEntry[];
}

/** What a rate limit looks at. */
export interface RatedCall {
  readonly claims: JWTPayload;
  /** `<target>___<tool>`; only of a tools/call. */
  readonly toolName?: string;
}

/** Which limit was reached, and when to try again. */
export interface Limited {
  readonly limitKey: string;
  readonly metric: "requests";
  readonly retryAfter: number;
}

/** Takes one call from every limit that applies to it; says which one is used up. */
export type RateLimiter = (call: RatedCall) => Limited | undefined;

// One bucket for each caller; a claim with endless values must not fill the memory.
const MAX_BUCKETS = 10_000;

/** The limits of a gateway: all must let a call pass. Unlike at AWS they are exact, from the first call on. */
export const rateLimiter = (limits: readonly RateLimit[], now: () => number): RateLimiter => {
  const buckets = new Map<string, Bucket>();
  // "More dimension keys first; within the same number, tighter rates first."
  const inOrder = [...limits].sort(
    (a, b) => b.dimensionKeys.length - a.dimensionKeys.length || tightest(a) - tightest(b),
  );
  const bucketFor = (name: string, { rate, periodSeconds }: RateLimitEntry): Bucket => {
    const known = buckets.get(name);
    if (known !== undefined) return known;
    if (buckets.size >= MAX_BUCKETS) buckets.clear();
    const made = bucket(rate, periodSeconds, now);
    buckets.set(name, made);
    return made;
  };
  return (call) => {
    for (const { rateLimitId, dimensionKeys, entries } of inOrder) {
      const values = dimensionKeys.map((key) => dimensionOf(key, call));
      // "Dimension key unresolvable from request: skip (allow)."
      if (!values.every((value) => value !== undefined)) continue;
      const entry = mostSpecific(entries, values);
      if (entry === undefined) continue;
      const named = dimensionKeys.map((key, index) => `${key}=${values[index]}`);
      const limitKey = [rateLimitId, ...named].join("/");
      const { taken, retryAfterSeconds } = bucketFor(limitKey, entry).take();
      if (!taken) return { limitKey, metric: "requests", retryAfter: retryAfterSeconds };
    }
    return undefined;
  };
};

const tightest = ({ entries }: RateLimit): number =>
  Math.min(...entries.map(({ rate, periodSeconds }) => rate / periodSeconds));

const CLAIM = "$.context.jwt.";

const dimensionOf = (key: string, { claims, toolName }: RatedCall): string | undefined => {
  if (key === "toolName") return toolName;
  if (key === "targetName") return toolName?.split("___")[0];
  const claim = claims[key.slice(CLAIM.length)];
  return typeof claim === "string" || typeof claim === "number" ? String(claim) : undefined;
};

// A full match first; then `*` in the place of trailing dimensions, one more each time.
const mostSpecific = (
  entries: readonly RateLimitEntry[],
  values: readonly string[],
): RateLimitEntry | undefined => {
  for (let exact = values.length; exact >= 0; exact -= 1) {
    const wanted = values.map((value, index) => (index < exact ? value : "*"));
    const found = entries.find(({ dimensions }) => dimensions.every((d, i) => d === wanted[i]));
    if (found !== undefined) return found;
  }
  return undefined;
};
