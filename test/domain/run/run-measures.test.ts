import { expect, test } from "vitest";
import { deviceOutcomes, type ShadowView } from "#domain/run/outcome.ts";
import { runMeasures } from "#domain/run/run-measures.ts";
import { runEnd } from "#domain/run/run-result.ts";
import { answer, GOODNIGHT, RUN, sent } from "../goodnight.ts";

const measured = (
  acknowledgements: Parameters<typeof deviceOutcomes>[0]["acknowledgements"],
  shadows: Readonly<Record<string, ShadowView>> = {},
): readonly string[] => {
  const outcomes = deviceOutcomes({
    run: RUN,
    plan: GOODNIGHT,
    sent: [sent(0), sent(1)],
    acknowledgements,
    shadows,
  });
  return runMeasures({
    run: RUN,
    plan: GOODNIGHT,
    result: runEnd(outcomes),
    outcomes,
    shadows,
  }).map(
    ({ name, value, unit, by }) =>
      `${name} ${value} ${unit}${by === undefined ? "" : ` ${Object.entries(by).flat().join("=")}`}`,
  );
};

const DOOR = answer("home-front_door", 0, { lock: { locked: true } });
const LAMP = answer("home-hall_lamp", 0, { light: { on: false } });
const ALARM = answer("home-alarm", 1, { alarm: { mode: "armed_night" } });

// REQ: measures
test("a run that is done counts once, with the latency of each device by its kind", () => {
  const lines = measured([DOOR, LAMP, ALARM]);

  expect(lines[0]).toBe("Runs 1 Count outcome=done");
  expect(lines.filter((line) => line.startsWith("AcknowledgementLatency"))).toEqual([
    "AcknowledgementLatency 500 Milliseconds kind=lock",
    "AcknowledgementLatency 500 Milliseconds kind=light",
    "AcknowledgementLatency 500 Milliseconds kind=alarm",
  ]);
  expect(lines.slice(-3)).toEqual([
    "LateAcknowledgements 0 Count",
    "CommandsWithdrawn 0 Count",
    "NotWithdrawn 0 Count",
  ]);
});

test("a command that stood there unanswered counts as withdrawn, one of another run does not", () => {
  const own = { desiredCommandId: "run_0123456789abcdefghjk.0" };
  const others = { desiredCommandId: "run_kjhgfedcba9876543210.0" };

  expect(measured([DOOR, ALARM], { "home-hall_lamp": own }).at(-2)).toBe(
    "CommandsWithdrawn 1 Count",
  );
  expect(measured([DOOR, ALARM], { "home-hall_lamp": others }).at(-2)).toBe(
    "CommandsWithdrawn 0 Count",
  );
});

test("a command that could not be taken back counts as such", () => {
  const lines = measured([DOOR, ALARM], { "home-hall_lamp": { isNotWithdrawn: true } });

  expect(lines.slice(-2)).toEqual(["CommandsWithdrawn 0 Count", "NotWithdrawn 1 Count"]);
});

test("an acknowledgement after its window is late, and its latency counts", () => {
  const lines = measured([
    DOOR,
    { ...LAMP, acknowledgedAtMs: LAMP.acknowledgedAtMs + 60_000 },
    ALARM,
  ]);

  expect(lines[0]).toBe("Runs 1 Count outcome=partly_done");
  expect(lines).toContain("AcknowledgementLatency 60500 Milliseconds kind=light");
  expect(lines).toContain("LateAcknowledgements 1 Count");
});
