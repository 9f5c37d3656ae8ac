import { describe, expect, test } from "vitest";
import type { Acknowledgement } from "#domain/run/acknowledgement.ts";
import { cutOffOutcomes, cutOffResult } from "#domain/run/cut-off/cut-off.ts";
import type { ShadowView } from "#domain/run/outcome.ts";
import {
  ALARM_ARMED,
  answer,
  DOOR_LOCKED,
  GOODNIGHT,
  LAMP_OFF,
  RUN,
  SENT_AT_MS,
} from "../goodnight.ts";

const outcomesOf = (
  acknowledgements: readonly Acknowledgement[],
  shadows: Readonly<Record<string, ShadowView>> = {},
) =>
  cutOffOutcomes({
    run: RUN,
    plan: GOODNIGHT,
    requestedAtMs: SENT_AT_MS - 1_000,
    acknowledgements,
    shadows,
    byHand: [],
  });

const told = (...of: Parameters<typeof outcomesOf>) =>
  outcomesOf(...of).map(({ device, outcome, reason }) =>
    reason === undefined ? `${device} ${outcome}` : `${device} ${outcome} ${reason}`,
  );

describe("a device of a run that was cut off", () => {
  test("that answered is judged by its answer", () => {
    expect(told([DOOR_LOCKED, LAMP_OFF, ALARM_ARMED])).toEqual([
      "front_door confirmed",
      "hall_lamp confirmed",
      "alarm confirmed",
    ]);
  });

  // REQ: one-outcome
  test("that did not answer had not answered when the run was cut off", () => {
    expect(told([DOOR_LOCKED])).toEqual([
      "front_door confirmed",
      "hall_lamp timed_out CUT_OFF",
      "alarm timed_out CUT_OFF",
    ]);
  });

  test("behind a gate that no recorded answer opened was not reached", () => {
    expect(told([LAMP_OFF])).toEqual([
      "front_door timed_out CUT_OFF",
      "hall_lamp confirmed",
      "alarm not_reached CUT_OFF",
    ]);
  });

  test("is judged by its window, where its answer says until when it was waited for", () => {
    const late = answer("home-hall_lamp", 0, { light: { on: false } }, { afterMs: 2_500 });
    const answerBy = (SENT_AT_MS + 2_000) / 1000;

    expect(told([DOOR_LOCKED, { ...late, echo: { ...late.echo, answerBy } }, ALARM_ARMED])).toEqual(
      ["front_door confirmed", "hall_lamp confirmed_late", "alarm confirmed"],
    );
  });

  test.for<readonly [string, ShadowView, string]>([
    ["is offline", { reported: { online: false } }, "hall_lamp offline"],
    [
      "was given another command",
      { desiredCommandId: "run_kjhgfedcba9876543210.0" },
      "hall_lamp superseded BY run_kjhgfedcba9876543210.0",
    ],
    [
      "echoed what nobody recorded",
      { reportedCommandId: "run_0123456789abcdefghjk.0" },
      "hall_lamp timed_out NOT_RECORDED",
    ],
    [
      "could not be told that it is taken back",
      { isNotWithdrawn: true },
      "hall_lamp timed_out NOT_WITHDRAWN",
    ],
    ["is connected", { reported: { online: true } }, "hall_lamp timed_out CUT_OFF"],
  ])("that %s is told so", ([, shadow, outcome]) => {
    expect(told([DOOR_LOCKED, ALARM_ARMED], { "home-hall_lamp": shadow })[1]).toBe(outcome);
  });
});

describe("the result of a run that was cut off", () => {
  const resultOf = (acknowledgements: readonly Acknowledgement[], withdrawn: readonly string[]) =>
    cutOffResult(
      { id: RUN, requestedAt: "2026-01-02T21:59:59.000Z" },
      GOODNIGHT,
      "sha256:00",
      outcomesOf(acknowledgements),
      "2026-01-02T22:05:40.000Z",
      { withdrawn },
    );

  test("says that it was cut off, what is known, what was taken back, and the next step", () => {
    const { result, say, cut_off, devices_not_confirmed } = resultOf([LAMP_OFF], ["front_door"]);

    expect([result, say, cut_off]).toEqual([
      "stopped",
      "Goodnight was cut off before its end. 1 of 3 devices confirmed. Front door had not answered when the run was cut off. Nothing was sent to: Alarm. Commands taken back: Front door.",
      { withdrawn: ["front_door"] },
    ]);
    expect(devices_not_confirmed[0]?.next).toBe(
      'No command of this run is left to it. Look at the device itself, then call run_scene with {"scene":"goodnight"} again.',
    );
  });

  // REQ: cut-off-run
  test("is never done, even where every device confirmed", () => {
    const { result, say } = resultOf([DOOR_LOCKED, LAMP_OFF, ALARM_ARMED], []);

    expect([result, say]).toEqual([
      "partly_done",
      "Goodnight was cut off before its end. 3 of 3 devices confirmed.",
    ]);
  });
});
