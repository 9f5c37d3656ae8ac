import { expect, test } from "vitest";
import { createTokenCache } from "#adapters/token-cache.ts";

test("a token is kept for three quarters of its life", async () => {
  let nowMs = 0;
  let asked = 0;
  const cache = createTokenCache(
    () => {
      asked += 1;
      return Promise.resolve({ token: `token-${asked}`, expiresInSeconds: 3600 });
    },
    () => nowMs,
  );

  const first = await cache.get();
  nowMs = 2_699_999;
  const justBefore = await cache.get();
  nowMs = 2_700_000;
  const then = await cache.get();

  expect([first, justBefore, then]).toEqual(["token-1", "token-1", "token-2"]);
});
