import { describe, expect, test } from "vitest";
import { answerAtOnce } from "#house/contract/answer.ts";
import type { Order } from "#house/contract/command-inbox.ts";

const HEADER = { id: "r.0", run: "r", stage: 0, expiresAt: 1000, transitionSeconds: 0 };

const order = (wanted: Order["wanted"], header = HEADER): Order => ({
  id: "r.0",
  command: { ...header },
  header,
  wanted,
});

describe("an answer at once", () => {
  test("a command whose time is over is rejected, and the state stays", () => {
    const answer = answerAtOnce(order({ lock: { locked: true } }), { locked: false }, 1_000_001);

    expect(answer).toEqual({ status: "REJECTED", reason: "EXPIRED", values: { locked: false } });
  });

  test("a command is good until its last second", () => {
    expect(answerAtOnce(order({ lock: { locked: true } }), { locked: false }, 1_000_000)).toBe(
      undefined,
    );
  });

  test("a command that cannot be read fails", () => {
    const unreadable: Order = { id: "r.0", command: { id: "r.0" }, wanted: {} };

    expect(answerAtOnce(unreadable, { on: true }, 0)).toEqual({
      status: "FAILED",
      reason: "COMMAND_INVALID",
      values: { on: true },
    });
  });
});
