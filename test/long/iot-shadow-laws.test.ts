import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { applyAll, laws, updates } from "../infra/iot/iot-shadow-laws.ts";

const RUNS = 20_000;
let applied = 0;
afterAll(() => {
  console.log(
    `shadow laws: ${laws.length} laws, ${RUNS} sequences each, ${applied} updates applied`,
  );
});

describe("for very many sequences of updates", () => {
  test.for(laws)("$name", ({ holds }) => {
    fc.assert(
      fc.property(updates, (patches) => {
        const all = applyAll(patches);
        applied += all.length;
        return all.every(holds);
      }),
      { numRuns: RUNS },
    );

    expect(applied).toBeGreaterThan(RUNS);
  });
});
