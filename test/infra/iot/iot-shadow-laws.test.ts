import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyAll, laws, updates } from "./iot-shadow-laws.ts";

describe("for every sequence of updates", () => {
  test.for(laws)("$name", ({ holds }) => {
    fc.assert(
      fc.property(updates, (patches) => applyAll(patches).every(holds)),
      { numRuns: 500, seed: 1 },
    );
  });

  test("most of the updates that are tried are taken", () => {
    const samples = fc.sample(updates, { numRuns: 200, seed: 1 });

    const taken = samples.flatMap(applyAll).length / samples.flat().length;

    expect(taken).toBeGreaterThan(0.9);
  });
});
