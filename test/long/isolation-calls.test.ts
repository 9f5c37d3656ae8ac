import { expect, test } from "vitest";
import { stayInTheirHome } from "../local/isolation/random-calls.ts";

test("in 2,000 random sequences every key and every thing of a request is of the one home that is meant", async () => {
  const { runs, answers, refusals } = await stayInTheirHome(2_000);

  expect(runs).toBeGreaterThan(200);
  expect(answers).toBeGreaterThan(600);
  expect(refusals).toBeGreaterThan(1_000);
}, 900_000);
