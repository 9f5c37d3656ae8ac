import { expect, test } from "vitest";
import { stayInTheirHome } from "./random-calls.ts";

test("in 200 random sequences every key and every thing of a request is of the one home that is meant", async () => {
  const { runs, answers, refusals } = await stayInTheirHome(200);

  expect(runs).toBeGreaterThan(20);
  expect(answers).toBeGreaterThan(60);
  expect(refusals).toBeGreaterThan(100);
}, 120_000);
