import { createHash } from "node:crypto";
import type { Item } from "#domain/log/leaf.ts";

// A record of every form, as DynamoDB has it: 27 November 2026, from 22:45 on.

export const EVENING = Date.parse("2026-11-27T22:45:00.000Z");

const stamp = (second: number) => ({
  recordedAt: { N: String(EVENING + second * 1000) },
  seal: { S: "2026-11-27#3" },
  expiresAt: { N: String(EVENING / 1000 + second + 400 * 86_400) },
});

const PLAN = '{"scene":"goodnight","stages":[]}';

const hashOf = (text: string): string =>
  `sha256:${createHash("sha256").update(text).digest("hex")}`;

export const RETENTION: Item = {
  PK: { S: "HOME#home#RETENTION" },
  SK: { S: "2026-11-27T22:45:00.000Z" },
  v: { N: "1" },
  days: { N: "400" },
  recordedAt: { N: String(EVENING) },
};

export const request = (run: string, second = 1): Item => ({
  PK: { S: `HOME#home#RUN#${run}` },
  SK: { S: "RUN" },
  v: { N: "1" },
  home: { S: "home" },
  run: { S: run },
  scene: { S: "goodnight" },
  caller: {
    M: {
      sub: { S: "5a0c" },
      clientId: { S: "claude" },
      scopes: { L: [{ S: "read" }, { S: "write" }] },
    },
  },
  role: { S: "member" },
  requestedAt: { S: "2026-11-27T22:45:01.000Z" },
  plan: { S: PLAN },
  planHash: { S: hashOf(PLAN) },
  ...stamp(second),
});

export const acknowledgement = (run: string, thing: string, version: number, second = 2): Item => ({
  PK: { S: `HOME#home#RUN#${run}` },
  SK: { S: `ACK#${thing}#1#${version}` },
  v: { N: "1" },
  thing: { S: thing },
  command: { M: { id: { S: `${run}#1` }, status: { S: "DONE" } } },
  before: { M: { on: { BOOL: true }, brightness: { N: "0.3" } } },
  after: { M: { on: { BOOL: false }, faults: { NULL: true } } },
  askedAt: { N: "1795819502" },
  acknowledgedAt: { N: "1795819502250" },
  ...stamp(second),
});

/** Of a further try: two devices were sent their commands again. */
export const sentAgain = (run: string, second = 2): Item => ({
  PK: { S: `HOME#home#RUN#${run}` },
  SK: { S: "TRY#1#0" },
  v: { N: "1" },
  home: { S: "home" },
  run: { S: run },
  stage: { N: "1" },
  devices: { L: [{ S: "hall_lamp" }, { S: "kitchen_light" }] },
  sentAgainAt: { S: "2026-11-27T22:45:02.000Z" },
  ...stamp(second),
});

export const outcome = (run: string, judgedBy: readonly string[] = [], second = 3): Item => ({
  PK: { S: `HOME#home#RUN#${run}` },
  SK: { S: "OUTCOME" },
  v: { N: "1" },
  home: { S: "home" },
  run: { S: run },
  result: { S: "done" },
  judgedBy: { L: judgedBy.map((hash) => ({ S: hash })) },
  devices: {
    L: [
      {
        M: {
          device: { S: "hall_lamp" },
          outcome: { S: "CONFIRMED" },
          asked: { M: { light: { M: { on: { BOOL: false } } } } },
          windowSeconds: { N: "3" },
        },
      },
    ],
  },
  ...stamp(second),
});

export const LOOK: Item = {
  PK: { S: "HOME#home#ACCESS#2026-11" },
  SK: { S: "2026-11-27T22:45:04.000Z#k3" },
  v: { N: "1" },
  sub: { S: "0b11" },
  role: { S: "operator" },
  tool: { S: "get_run" },
  at: { S: "2026-11-27T22:45:04.000Z" },
  ...stamp(4),
};

export const refusal = (number: number): Item => ({
  PK: { S: "REFUSED#2026-11-27" },
  SK: { S: `22:45#${String(number).padStart(16, "0")}` },
  v: { N: "1" },
  tool: { S: "run_scene" },
  code: { S: "SceneUnknown" },
  ...stamp(5),
});

export const CHANGE: Item = {
  PK: { S: "HOME#home#CHANGE#2026-11" },
  SK: { S: "2026-11-27T22:45:06.000Z#home-front_door#12" },
  v: { N: "1" },
  thing: { S: "home-front_door" },
  after: { M: { locked: { BOOL: true } } },
  ...stamp(6),
};

export const SCHEDULE: Item = {
  PK: { S: "HOME#home#SCHEDULE#evening" },
  SK: { S: "2026-11-27T22:45:07.000Z" },
  v: { N: "1" },
  fired: { BOOL: true },
  ...stamp(7),
};

export const erasure = (indices: readonly number[], reason: string, second = 8): Item => ({
  PK: { S: "HOME#home#ERASURE#2026-11" },
  SK: { S: "2026-11-27T22:45:08.000Z" },
  v: { N: "1" },
  indices: { L: indices.map((index) => ({ N: String(index) })) },
  reason: { S: reason },
  who: { S: "operator@example.com" },
  recordedAt: { N: String(EVENING + second * 1000) },
});

/** What is of no family that the log knows by name. */
export const UNKNOWN: Item = {
  PK: { S: "HOME#home#SWEEP#2026-11" },
  SK: { S: "2026-11-27T22:45:09.000Z" },
  v: { N: "1" },
  found: { N: "0" },
  ...stamp(9),
};
