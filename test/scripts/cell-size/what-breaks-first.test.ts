import { expect, test } from "vitest";
import { readMeasured } from "../../../scripts/cell-size/measured.ts";
import { costAsItIs, costAsProposed } from "../../../scripts/cell-size/monthly-cost.ts";
import { runShape, slotSeconds, slotSecondsOfShape } from "../../../scripts/cell-size/run-shape.ts";
import { whatBreaksFirst, whatHomesUse } from "../../../scripts/cell-size/what-breaks-first.ts";

const measured = readMeasured();

test("what breaks first stands first", () => {
  const runsPerSecond = whatBreaksFirst(measured).map((one) => one.runsPerSecond);

  expect(runsPerSecond).toEqual([...runsPerSecond].sort((a, b) => a - b));
});

test("a limit that a run uses up by one gives its quota; one a minute its sixtieth", () => {
  const reach = new Map(whatBreaksFirst(measured).map((one) => [one.limit.name, one]));

  expect(reach.get("AgentCore gateway, tools/call")).toMatchObject({
    aRunUses: 1,
    runsPerSecond: 200,
    homesInOneMinute: 12_000,
  });
  expect(reach.get("our CallerRateLimit, one scheduler")).toMatchObject({
    aRunUses: 1,
    runsPerSecond: 20,
    homesInOneMinute: 1200,
  });
});

test("fourteen devices a home fill the connections with 35,714 homes, and 10,000 homes come back in 280 s", () => {
  const [connections, connects] = whatHomesUse(measured);

  expect(connections).toMatchObject({ homes: 35_714 });
  expect(connects).toMatchObject({ secondsFor10000: 280 });
});

// The quick run's shape, made as long as the slow one, is the slow one: then other lengths may be believed too.
test("the shape of a run foretells within five in a hundred what the slow run held of Lambda", () => {
  const held = slotSecondsOfShape(runShape(measured, measured.slow.seconds));

  expect(held / slotSeconds(measured.slow)).toBeGreaterThan(0.95);
  expect(held / slotSeconds(measured.slow)).toBeLessThan(1.05);
});

test("a home's bill is the sum of its lines; people are free up to 10,000, and then cost 1.5 cents each", () => {
  const cost = costAsItIs(measured);
  const sum = Object.values(cost.lines).reduce((total, dollars) => total + dollars, 0);

  expect(cost.perHome).toBeCloseTo(sum, 10);
  expect(cost.total(5000)).toBeCloseTo(5000 * cost.perHome, 6);
  expect(cost.total(10_000)).toBeCloseTo(10_000 * cost.perHome + 150, 6);
});

test("who does not wait pays less for Lambda and for reads, and the same for everything else", () => {
  const now = costAsItIs(measured).lines;
  const proposed = costAsProposed(measured).lines;

  const changed = Object.keys(now).filter((name) => now[name] !== proposed[name]);

  expect(changed).toEqual(["Lambda", "audit, read"]);
  for (const name of changed) expect(proposed[name]).toBeLessThan(now[name] ?? 0);
});
