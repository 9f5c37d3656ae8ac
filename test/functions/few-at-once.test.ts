import { expect, test } from "vitest";
import { fewAtOnce } from "#adapters/sdk/few-at-once.ts";

test("so many are done at once, and each gives its result in its place", async () => {
  let [now, most] = [0, 0];

  const results = await fewAtOnce([1, 2, 3, 4, 5], 2, async (item) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise(setImmediate);
    now -= 1;
    return item * 10;
  });

  expect([results, most]).toEqual([[10, 20, 30, 40, 50], 2]);
});

test("after a failure no further one is begun", async () => {
  const begun: number[] = [];

  const all = fewAtOnce([1, 2, 3, 4], 2, async (item) => {
    begun.push(item);
    await new Promise(setImmediate);
    if (item === 1) throw new Error("away");
  });

  await expect(all).rejects.toThrow("away");
  await new Promise(setImmediate);
  expect(begun).toEqual([1, 2]);
});
