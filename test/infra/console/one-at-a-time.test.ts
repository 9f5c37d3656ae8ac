import { expect, test } from "vitest";
import { oneAtATime } from "../../../infra/console/model/one-at-a-time.ts";

test("two who ask at once are answered by one asking; who comes after it asks anew", async () => {
  let asked = 0;
  const refresh = oneAtATime(async () => {
    asked += 1;
    return `token ${String(asked)}`;
  });

  const both = await Promise.all([refresh(), refresh()]);
  const later = await refresh();

  expect(both).toEqual(["token 1", "token 1"]);
  expect(later).toBe("token 2");
});

test("an asking that failed is told to both, and is not the answer of the next", async () => {
  let asked = 0;
  const refresh = oneAtATime(async () => {
    asked += 1;
    if (asked === 1) throw new Error("no connection");
    return "token";
  });

  const both = await Promise.allSettled([refresh(), refresh()]);
  const later = await refresh();

  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(later).toBe("token");
});
