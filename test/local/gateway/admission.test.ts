import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Admission, createAdmission } from "#local/gateway/request/admission.ts";

let idleMs: number;
let admission: Admission;
beforeEach(() => {
  vi.useFakeTimers();
  idleMs = 0;
  admission = createAdmission({ atOnce: 2, idleMs: () => idleMs });
});
afterEach(() => {
  vi.useRealTimers();
});

/** So many calls that ask to begin; each one's number is in `begun` once it may. */
const calls = (count: number) => {
  const begun: number[] = [];
  const leaving: (() => void)[] = [];
  for (let call = 0; call < count; call += 1) {
    void admission.enter().then((leave) => {
      begun.push(call);
      leaving[call] = leave;
    });
  }
  return { begun, leave: (call: number) => leaving[call]?.() };
};

/** Time in which cores stand idle for so long in each 20 ms. */
const pass = async (ms: number, idleEach20Ms: number): Promise<void> => {
  for (let at = 0; at < ms; at += 20) {
    idleMs += idleEach20Ms;
    await vi.advanceTimersByTimeAsync(20);
  }
};

test("where all cores are busy, a further call begins when one ends, first come first", async () => {
  const { begun, leave } = calls(4);
  await pass(240, 0);
  const before = [...begun];

  leave(1);
  await vi.advanceTimersByTimeAsync(0);

  expect(before).toEqual([0, 1]);
  expect(begun).toEqual([0, 1, 2]);
});

test("while cores stand idle, one more is let in each 20 ms", async () => {
  const { begun } = calls(5);
  await pass(20, 9);
  const busy = [...begun];
  await pass(20, 10);
  const once = [...begun];
  await pass(40, 40);

  expect([busy, once, begun]).toEqual([
    [0, 1],
    [0, 1, 2],
    [0, 1, 2, 3, 4],
  ]);
});

test("one that was let in beyond the number leaves its place to nobody", async () => {
  const { begun, leave } = calls(4);
  await pass(20, 20);

  leave(0);
  await vi.advanceTimersByTimeAsync(0);
  const beyond = [...begun];
  leave(1);
  await vi.advanceTimersByTimeAsync(0);

  expect(beyond).toEqual([0, 1, 2]);
  expect(begun).toEqual([0, 1, 2, 3]);
});

test("where nothing moves, one more is let in each quarter of a second", async () => {
  const { begun } = calls(5);
  await pass(240, 0);
  const before = [...begun];
  await pass(20, 0);
  const once = [...begun];
  await pass(520, 0);

  expect([before, once, begun]).toEqual([
    [0, 1],
    [0, 1, 2],
    [0, 1, 2, 3, 4],
  ]);
});

test("where those inside end in time, nobody is let in beyond the number, however many wait", async () => {
  const { begun, leave } = calls(12);
  for (let call = 0; call < 8; call += 1) {
    await pass(200, 0);
    leave(call);
  }
  await vi.advanceTimersByTimeAsync(0);

  expect(begun).toHaveLength(10);
});

test("who nobody waits behind, nobody looks", async () => {
  const { begun, leave } = calls(3);
  leave(0);
  await pass(40, 20);

  expect(begun).toEqual([0, 1, 2]);
  expect(vi.getTimerCount()).toBe(0);
});
