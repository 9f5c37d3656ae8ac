import fc from "fast-check";
import { expect, test } from "vitest";
import { type Evening, simulateEvening } from "../../../scripts/cell-size/evening.ts";
import type { Quotas } from "../../../scripts/cell-size/quotas.ts";
import type { RunShape } from "../../../scripts/cell-size/run-shape.ts";
import { WAYS, type Way } from "../../../scripts/cell-size/ways.ts";

/** Two devices that answer after ten seconds, then one after two. */
const SHAPE: RunShape = {
  stages: [
    { devices: 2, publishSeconds: 0.1, answerSeconds: 10 },
    { devices: 1, publishSeconds: 0.1, answerSeconds: 2 },
  ],
  concludeSeconds: 0.1,
  homeSeconds: 0.1,
  lookSeconds: 0.1,
  denseSeconds: 8,
  unitsASecond: 20,
  unitsALook: 1,
};

const WIDE: Quotas = {
  callerCallsPerMinute: 100_000,
  gatewayCallsPerSecond: 100_000,
  lambdaAtOnce: 100_000,
  shadowOperationsPerSecond: 100_000,
};

const HELD: Way = { name: "held", isHeld: true, isLazy: false };
const LAZY: Way = { name: "lazy", isHeld: false, isLazy: true };

const evening = (given: Partial<Evening>): Evening => ({
  homes: 1,
  spreadSeconds: 0,
  shape: SHAPE,
  quotas: WIDE,
  way: HELD,
  seed: 1,
  ...given,
});

const narrow = (quotas: Partial<Quotas>): Quotas => ({ ...WIDE, ...quotas });

test("where no home is, nothing happens", () => {
  const result = simulateEvening(evening({ homes: 0, spreadSeconds: 300 }));

  expect(result).toEqual({
    started: 0,
    givenUp: 0,
    refusals: 0,
    delaySeconds: { p50: 0, p95: 0, max: 0 },
    lambdaPeak: 0,
    shadowOperationsPeak: 0,
    auditReadUnitsPeak: 0,
    hurt: 0,
    brokenOff: 0,
  });
});

test("one home begins at once; its starter, its home function and one step are all that run together", () => {
  const result = simulateEvening(evening({ homes: 1 }));

  expect(result).toEqual({
    started: 1,
    givenUp: 0,
    refusals: 0,
    delaySeconds: { p50: 0, p95: 0, max: 0 },
    lambdaPeak: 3,
    // Two commands and the quick one's answer.
    shadowOperationsPeak: 3,
    // The last look of the first stage falls into the second in which the next one is read densely.
    auditReadUnitsPeak: 21,
    hurt: 0,
    brokenOff: 0,
  });
});

test("nobody waits: after the start one function at most runs for a home, and looks once a second", () => {
  const result = simulateEvening(evening({ homes: 1, way: LAZY }));

  expect(result.lambdaPeak).toBe(3);
  // One, and one more in the second in which the next stage begins.
  expect(result.auditReadUnitsPeak).toBe(2);
});

test("with room for one held run the second begins when the first has ended", () => {
  const result = simulateEvening(evening({ homes: 2, quotas: narrow({ lambdaAtOnce: 3 }) }));

  expect(result.started).toBe(2);
  expect(result.hurt).toBe(0);
  // 0.1 + 8 dense + 1 + looks every 1.1 s until 10, then the second stage and the end.
  expect(result.delaySeconds.max).toBeGreaterThan(12.3);
  expect(result.delaySeconds.max).toBeLessThan(12.3 + 20);
});

test("with no slot for its own steps a held run breaks off after its three tries", () => {
  const result = simulateEvening(evening({ homes: 1, quotas: narrow({ lambdaAtOnce: 2 }) }));

  expect(result).toMatchObject({ started: 1, hurt: 1, brokenOff: 1, shadowOperationsPeak: 0 });
});

test("one caller who may ask once a minute starts one run a minute", () => {
  const result = simulateEvening(
    evening({ homes: 3, way: LAZY, quotas: narrow({ callerCallsPerMinute: 1 }) }),
  );

  expect(result.started).toBe(3);
  expect(result.delaySeconds.p50).toBeGreaterThanOrEqual(60);
  expect(result.delaySeconds.max).toBeGreaterThanOrEqual(120);
  expect(result.delaySeconds.max).toBeLessThan(160);
});

test("a gateway that takes two calls a second starts two runs in the first", () => {
  const result = simulateEvening(
    evening({ homes: 3, way: LAZY, quotas: narrow({ gatewayCallsPerSecond: 2 }) }),
  );

  expect(result.started).toBe(3);
  expect(result.delaySeconds.p50).toBe(0);
  expect(result.delaySeconds.max).toBeGreaterThanOrEqual(1);
});

test("what never fits is given up after a quarter of an hour", () => {
  const result = simulateEvening(evening({ homes: 5, quotas: narrow({ lambdaAtOnce: 1 }) }));

  expect(result).toMatchObject({ started: 0, givenUp: 5, lambdaPeak: 0 });
});

test("a shadow quota below a stage's commands and answers hurts the run, and does not break it off", () => {
  const result = simulateEvening(
    evening({ homes: 1, quotas: narrow({ shadowOperationsPerSecond: 0 }) }),
  );

  expect(result).toMatchObject({ started: 1, hurt: 1, brokenOff: 0 });
});

test("a queue of one start a second lets three homes begin after 0, 1 and 2 seconds", () => {
  const result = simulateEvening(evening({ homes: 3, way: { ...LAZY, startsPerSecond: 1 } }));

  expect(result.delaySeconds).toEqual({ p50: 1, p95: 2, max: 2 });
});

const evenings = fc.record({
  homes: fc.integer({ min: 0, max: 300 }),
  spreadSeconds: fc.integer({ min: 0, max: 60 }),
  way: fc.constantFrom(...WAYS),
  seed: fc.integer({ min: 0, max: 1_000_000 }),
  quotas: fc.record({
    callerCallsPerMinute: fc.integer({ min: 1, max: 500 }),
    gatewayCallsPerSecond: fc.integer({ min: 1, max: 100 }),
    lambdaAtOnce: fc.integer({ min: 1, max: 400 }),
    shadowOperationsPerSecond: fc.integer({ min: 1, max: 300 }),
  }),
});

test("every run starts or is given up, none holds more than the quota, and the same seed is the same evening", () => {
  fc.assert(
    fc.property(evenings, (given) => {
      const result = simulateEvening(evening(given));

      expect(result.started + result.givenUp).toBe(given.homes);
      expect(result.lambdaPeak).toBeLessThanOrEqual(given.quotas.lambdaAtOnce);
      expect(result.hurt).toBeLessThanOrEqual(result.started);
      expect(result.brokenOff).toBeLessThanOrEqual(result.hurt);
      expect(result.delaySeconds.p50).toBeLessThanOrEqual(result.delaySeconds.p95);
      expect(result.delaySeconds.p95).toBeLessThanOrEqual(result.delaySeconds.max);
      expect(simulateEvening(evening(given))).toEqual(result);
    }),
    { numRuns: 60 },
  );
});

test("a quota that is never reached changes nothing when it is doubled", () => {
  fc.assert(
    fc.property(evenings, (given) => {
      const roomy = {
        callerCallsPerMinute: 600,
        gatewayCallsPerSecond: 600,
        lambdaAtOnce: 3 * 300,
        shadowOperationsPerSecond: 6 * 300,
      };
      const doubled = {
        callerCallsPerMinute: 1200,
        gatewayCallsPerSecond: 1200,
        lambdaAtOnce: 6 * 300,
        shadowOperationsPerSecond: 12 * 300,
      };

      const result = simulateEvening(evening({ ...given, quotas: roomy }));

      expect(result).toMatchObject({ refusals: 0, hurt: 0, givenUp: 0 });
      expect(simulateEvening(evening({ ...given, quotas: doubled }))).toEqual(result);
    }),
    { numRuns: 30 },
  );
});

test("a door twice as wide lets no home wait longer, as long as it is the only one", () => {
  fc.assert(
    fc.property(
      evenings,
      fc.constantFrom("callerCallsPerMinute" as const, "gatewayCallsPerSecond" as const),
      (given, door) => {
        const width = given.quotas[door];

        const once = simulateEvening(
          evening({ ...given, way: LAZY, quotas: narrow({ [door]: width }) }),
        );
        const twice = simulateEvening(
          evening({ ...given, way: LAZY, quotas: narrow({ [door]: 2 * width }) }),
        );

        expect(twice.givenUp).toBeLessThanOrEqual(once.givenUp);
        expect(twice.refusals).toBeLessThanOrEqual(once.refusals);
        if (once.givenUp === 0) {
          expect(twice.delaySeconds.p95).toBeLessThanOrEqual(once.delaySeconds.p95);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("what devices may ask of their shadows lets nobody begin sooner", () => {
  fc.assert(
    fc.property(evenings, (given) => {
      const { shadowOperationsPerSecond } = given.quotas;

      const once = simulateEvening(
        evening({ ...given, way: LAZY, quotas: narrow({ shadowOperationsPerSecond }) }),
      );
      const twice = simulateEvening(
        evening({
          ...given,
          way: LAZY,
          quotas: narrow({ shadowOperationsPerSecond: 2 * shadowOperationsPerSecond }),
        }),
      );

      expect(twice.delaySeconds).toEqual(once.delaySeconds);
    }),
    { numRuns: 60 },
  );
});

// Commands that are refused come again later, and not in the second of the first stage's answers.
test("twice the shadow quota can hurt more runs, and enough for a stage and the next one hurts none", () => {
  const hurt = (shadowOperationsPerSecond: number) =>
    simulateEvening(evening({ homes: 76, quotas: narrow({ shadowOperationsPerSecond }) })).hurt;

  expect([hurt(76), hurt(152), hurt(228)]).toEqual([74, 76, 0]);
});

// The lesson that the page tells: the workflow's own functions stand behind the door.
test("a wider door alone hurts more runs where Lambda is what is short", () => {
  const lambdaAtOnce = 40;
  const through = (gatewayCallsPerSecond: number) =>
    simulateEvening(
      evening({ homes: 60, quotas: narrow({ lambdaAtOnce, gatewayCallsPerSecond }) }),
    );

  expect(through(1).hurt).toBe(0);
  expect(through(60).hurt).toBeGreaterThan(0);
});
