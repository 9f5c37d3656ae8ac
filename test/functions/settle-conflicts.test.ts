import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { getShadows, type VersionedShadow } from "#adapters/device-shadows.ts";
import type { OnConflict } from "#domain/scene/scene-rules.ts";
import { settleConflicts } from "../../functions/home/settle-conflicts.ts";
import { GOODNIGHT, RUN, SENT_AT_MS } from "../domain/goodnight.ts";

vi.mock("#adapters/device-shadows.ts", () => ({ getShadows: vi.fn() }));
// The pauses, on the clock that a test turns.
vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

const shadows = vi.mocked(getShadows);

/** The lamp while another run's command stands there: answered or not, until so many seconds after now. */
const lamp = (
  forSeconds: number,
  isAnswered = false,
  run = "run_kjhgfedcba9876543210",
): ReadonlyMap<string, VersionedShadow> =>
  new Map([
    [
      "home-hall_lamp",
      {
        version: 1,
        view: {
          desiredCommandId: `${run}.0`,
          desiredExpiresAt: SENT_AT_MS / 1000 + forSeconds,
          ...(isAnswered ? { reportedCommandId: `${run}.0` } : {}),
        },
      },
    ],
  ]);

const planWith = (onConflict: OnConflict) => ({
  ...GOODNIGHT,
  rules: { onConflict, onPartial: "keep", retry: "class_default", holdSeconds: 0 } as const,
});

beforeEach(() => {
  vi.useFakeTimers({ now: SENT_AT_MS });
  shadows.mockReset();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How it ends, and after how many milliseconds of virtual time. */
const settled = async (onConflict: OnConflict) => {
  const ending = settleConflicts(planWith(onConflict), RUN).then(
    () => ({ code: "begins", afterMs: Date.now() - SENT_AT_MS }),
    (error: unknown) => ({
      ...(error instanceof Error && "code" in error ? { code: error.code } : {}),
      message: String(error),
      afterMs: Date.now() - SENT_AT_MS,
    }),
  );
  await vi.advanceTimersByTimeAsync(20_000);
  return ending;
};

test("a scene that says nothing takes the place of other runs, and looks at no shadow", async () => {
  await settleConflicts(GOODNIGHT, RUN);

  expect(await settled("supersede")).toEqual({ code: "begins", afterMs: 0 });
  expect(shadows).not.toHaveBeenCalled();
});

describe("reject", () => {
  test("does not begin while another run waits for a device, and names both", async () => {
    shadows.mockResolvedValue(lamp(30));

    expect(await settled("reject")).toEqual({
      code: "RunConflict",
      message:
        'HomeError: "goodnight" does not begin while another run commands its devices: hall_lamp (run_kjhgfedcba9876543210). Call get_run for that run, then run_scene again. Nothing was changed.',
      afterMs: 0,
    });
  });

  test.for([
    ["was answered", lamp(30, true)],
    ["has expired", lamp(0)],
    ["is the run's own", lamp(30, false, RUN)],
  ] as const)("begins where the command that stands there %s", async ([, shadow]) => {
    shadows.mockResolvedValue(shadow);

    expect(await settled("reject")).toEqual({ code: "begins", afterMs: 0 });
  });
});

describe("queue", () => {
  test("begins when the other run has its answer", async () => {
    shadows.mockImplementation(async () => lamp(30, Date.now() >= SENT_AT_MS + 2_000));

    expect(await settled("queue")).toEqual({ code: "begins", afterMs: 2_000 });
  });

  test("does not wait longer than the function can", async () => {
    shadows.mockResolvedValue(lamp(300));

    expect(await settled("queue")).toMatchObject({ code: "RunConflict", afterMs: 15_000 });
  });
});
