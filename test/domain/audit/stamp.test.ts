import { expect, test } from "vitest";
import { stampOf } from "#domain/audit/stamp.ts";
import { sealOf, sealsOf } from "#domain/home/keys.ts";

const AT_MS = 1_767_391_200_123;

// REQ: retention
test("a record says when it was written, where it is found until it is sealed, and when it may go", () => {
  expect(stampOf("HOME#home#RUN#run_0123456789abcdefghjk", AT_MS, 400)).toEqual({
    recordedAt: 1_767_391_200_123,
    seal: "2026-01-02#5",
    expiresAt: 1_801_951_200,
  });
});

test("a day's records are in sixteen partitions, whichever theirs is", () => {
  const partitions = Array.from({ length: 1000 }, (_, at) => `HOME#home_${at}#ACCESS#2026-01`);

  const seals = new Set(partitions.map((partition) => sealOf(partition, "2026-01-02")));

  expect([...seals].sort()).toEqual(sealsOf("2026-01-02"));
  expect(sealsOf("2026-01-02")[15]).toBe("2026-01-02#f");
});
