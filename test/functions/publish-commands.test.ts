import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { publishShadowUpdate } from "#adapters/device-shadows.ts";
import { handler } from "../../functions/publish-commands/handler.ts";
import { FRONT_DOOR, HALL_LAMP, RUN } from "../domain/goodnight.ts";
import { lambdaContext } from "./lambda-context.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("THING_PREFIX", "");
});
vi.mock("#adapters/device-shadows.ts", () => ({ publishShadowUpdate: vi.fn() }));

const publish = vi.mocked(publishShadowUpdate);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-23T22:00:00.250Z") });
  publish.mockReset().mockResolvedValue(undefined);
});
afterEach(() => {
  vi.useRealTimers();
});

// REQ: command-form
test("each device of a batch is sent one shadow update with the wanted state and a new command", async () => {
  const event = { home: "home", run: RUN, stage: 1, commands: [FRONT_DOOR, HALL_LAMP] };

  const output = await handler(event, lambdaContext());

  expect(output).toEqual({ sentAtMs: 1_795_471_200_250, notSent: [] });
  expect(publish.mock.calls).toEqual([
    [
      "home-front_door",
      {
        state: {
          desired: {
            lock: { locked: true },
            command: {
              id: "run_0123456789abcdefghjk.1",
              run: "run_0123456789abcdefghjk",
              stage: 1,
              // 22:00:00.25 and 10 s, rounded up, and 30 s for clocks that differ.
              expiresAt: 1_795_471_241,
              transitionSeconds: 0,
            },
          },
        },
        clientToken: "run_0123456789abcdefghjk.1",
      },
    ],
    [
      "home-hall_lamp",
      {
        state: {
          desired: {
            light: {
              on: false,
              brightness: null,
              colorTempK: null,
              hue: null,
              saturation: null,
              effect: null,
            },
            command: {
              id: "run_0123456789abcdefghjk.1",
              run: "run_0123456789abcdefghjk",
              stage: 1,
              expiresAt: 1_795_471_233,
              transitionSeconds: 0,
            },
          },
        },
        clientToken: "run_0123456789abcdefghjk.1",
      },
    ],
  ]);
});

// REQ: device-failure-is-data
test("a device whose command cannot be published is data, and the others are sent theirs", async () => {
  publish.mockImplementation(async (thing) => {
    if (thing === "home-front_door") {
      throw Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
    }
  });

  const output = await handler(
    { home: "home", run: RUN, stage: 0, commands: [FRONT_DOOR, HALL_LAMP] },
    lambdaContext(),
  );

  expect(output.notSent).toEqual([{ device: "front_door", reason: "ThrottlingException" }]);
  expect(publish.mock.calls.map(([thing]) => thing)).toEqual(["home-front_door", "home-hall_lamp"]);
});

test("the time of sending is when the last command was taken, not when the first was handed over", async () => {
  publish.mockImplementation(async (thing) => {
    if (thing === "home-hall_lamp") vi.setSystemTime(Date.parse("2026-11-23T22:00:01.000Z"));
  });

  const output = await handler(
    { home: "home", run: RUN, stage: 0, commands: [FRONT_DOOR, HALL_LAMP] },
    lambdaContext(),
  );

  expect(output.sentAtMs).toBe(1_795_471_201_000);
});

test.each([
  ["nothing", undefined],
  ["a single command instead of a list", { home: "home", run: RUN, stage: 0, commands: HALL_LAMP }],
  ["no stage", { home: "home", run: RUN, commands: [] }],
])("an input with %s is refused, and nothing is sent", async (_, event) => {
  await expect(handler(event, lambdaContext())).rejects.toMatchObject({ code: "RecordInvalid" });
  expect(publish).not.toHaveBeenCalled();
});
