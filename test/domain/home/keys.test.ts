import { expect, test } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import {
  accessKey,
  dayShard,
  dayShards,
  deviceKey,
  homeDay,
  homeKey,
  principalKey,
  runKey,
  sceneKey,
  scheduleFiringsKey,
  schedulesKey,
} from "#domain/home/keys.ts";

const HOME = parseHomeId("maple_street");

// REQ: home-in-every-key
test("every key of a home begins with the home", () => {
  expect([
    homeKey(HOME),
    runKey(HOME, "run_0123456789abcdefghjk"),
    accessKey(HOME, "2026-11"),
    homeDay(HOME, "2026-11-27"),
    schedulesKey(HOME),
    scheduleFiringsKey(HOME, "evening"),
  ]).toEqual([
    "HOME#maple_street",
    "HOME#maple_street#RUN#run_0123456789abcdefghjk",
    "HOME#maple_street#ACCESS#2026-11",
    "maple_street#2026-11-27",
    "HOME#maple_street#SCHEDULES",
    "HOME#maple_street#SCHEDULE#evening",
  ]);
});

test("devices, scenes and principals have keys of their own", () => {
  expect([deviceKey("front_door"), sceneKey("goodnight"), principalKey("sub-anna")]).toEqual([
    "DEVICE#front_door",
    "SCENE#goodnight",
    "PRINCIPAL#sub-anna",
  ]);
});

test("a day has sixteen shards, and a home's is one of them, the same for ever", () => {
  expect(dayShards("2026-11-27")).toHaveLength(16);
  expect(dayShards("2026-11-27").slice(0, 2)).toEqual(["2026-11-27#00", "2026-11-27#01"]);
  expect(dayShard(parseHomeId("home"), "2026-11-27")).toBe("2026-11-27#14");
});

test("a thousand homes leave no shard empty and fill none twice as much as its share", () => {
  const counts = new Map<string, number>();
  for (let index = 0; index < 1000; index += 1) {
    const shard = dayShard(parseHomeId(`h${index.toString(36)}`), "2026-11-27");
    counts.set(shard, (counts.get(shard) ?? 0) + 1);
  }

  expect(counts.size).toBe(16);
  expect(Math.max(...counts.values())).toBeLessThan((2 * 1000) / 16);
});
