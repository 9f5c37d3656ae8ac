import { expect, inject, test } from "vitest";
import { measureRun } from "../../../scripts/cell-size/measure.ts";
import { type MeasuredRun, readMeasured } from "../../../scripts/cell-size/measured.ts";

const LOOKS = ["publish-commands dynamodb:Query", "await-acknowledgements dynamodb:Query"];

// What a run counts, without what depends on time: how often it looks for acknowledgements, and how many bytes.
const counts = (run: MeasuredRun) => ({
  stages: run.stages,
  stateTransitions: run.stateTransitions,
  functions: Object.fromEntries(
    Object.entries(run.functions).map(([name, { memoryMb, invocations }]) => [
      name,
      { memoryMb, invocations },
    ]),
  ),
  calls: Object.fromEntries(Object.entries(run.calls).filter(([name]) => !LOOKS.includes(name))),
  shadowMessages: run.shadowMessages,
  writes: run.writes.map(({ by, item, count, units, indexUnits, unitsInOneDay }) => ({
    by,
    item,
    count,
    units,
    indexUnits,
    unitsInOneDay,
  })),
});

test("a house counts for goodnight what the committed measurement says: npm run cell-size -- --measure --write", async () => {
  const committed = readMeasured();

  const { run, callerCallsPerMinute } = await measureRun(inject("assembly"));

  expect(counts(run)).toEqual(counts(committed.quick));
  expect(callerCallsPerMinute).toBe(committed.callerCallsPerMinute);
});
