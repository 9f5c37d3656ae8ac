import { expect, test } from "vitest";
import {
  parseAcknowledgement,
  parseAcknowledgements,
} from "#domain/audit/acknowledgement-record.ts";
import { codeOf, messageOf } from "../code-of.ts";
import { UNKNOWN_FORMATS } from "../unknown-formats.ts";

const ITEM = {
  PK: "HOME#home#RUN#run_0123456789abcdefghjk",
  SK: "ACK#home-front_door#0",
  v: 1,
  home: "home",
  thing: "home-front_door",
  command: {
    id: "run_0123456789abcdefghjk.0",
    run: "run_0123456789abcdefghjk",
    stage: 0,
    expiresAt: 1_767_391_240,
    transitionSeconds: 0,
    status: "SUCCEEDED",
    reason: null,
  },
  before: { lock: { locked: false } },
  after: { lock: { locked: true }, online: true },
  askedAt: 1_767_391_200,
  acknowledgedAt: 1_767_391_200_500,
};

test("an acknowledgement's record is read, seconds and milliseconds told apart", () => {
  const { echo, ...rest } = parseAcknowledgement(ITEM);

  expect(rest).toEqual({
    thing: "home-front_door",
    before: { lock: { locked: false } },
    after: { lock: { locked: true }, online: true },
    askedAtMs: 1_767_391_200_000,
    acknowledgedAtMs: 1_767_391_200_500,
  });
  expect(echo).toMatchObject({
    id: "run_0123456789abcdefghjk.0",
    status: "SUCCEEDED",
    reason: null,
  });
});

test("a device that never reported before has no state before", () => {
  const { before: _, askedAt: __, ...item } = ITEM;

  const acknowledgement = parseAcknowledgement(item);

  expect(acknowledgement).not.toHaveProperty("before");
  expect(acknowledgement).not.toHaveProperty("askedAtMs");
});

test("an echo that breaks the contract but names its command is a failure, not silence", () => {
  const item = { ...ITEM, command: { id: "run_0123456789abcdefghjk.0", status: "great" } };

  expect(parseAcknowledgement(item).echo).toEqual({
    id: "run_0123456789abcdefghjk.0",
    status: "FAILED",
    reason: "ECHO_INVALID",
  });
});

const UNREADABLE = [
  ["that is a text", "x"],
  ["without a thing", { ...ITEM, thing: undefined }],
  ["without a state after", { ...ITEM, after: undefined }],
  ["whose state after is a text", { ...ITEM, after: "locked" }],
  ["without a time", { ...ITEM, acknowledgedAt: undefined }],
  ["whose time is a text", { ...ITEM, acknowledgedAt: "now" }],
  ["without a command", { ...ITEM, command: undefined }],
  ["whose command has no id", { ...ITEM, command: { status: "SUCCEEDED" } }],
] as const;

test.each(UNREADABLE)("a record %s is refused", (_, item) => {
  expect(codeOf(() => parseAcknowledgement(item))).toBe("RecordInvalid");
});

test.each(UNREADABLE)("a record %s does not keep another from being heard", (_, item) => {
  const read = parseAcknowledgements([item, ITEM, item]);

  expect(read.map((one) => one.thing)).toEqual(["home-front_door"]);
});

test("a record from before records had numbers is refused, also among others", () => {
  const { v: _, ...before } = ITEM;

  expect(messageOf(() => parseAcknowledgements([ITEM, before]))).toBe(
    "Acknowledgement record HOME#home#RUN#run_0123456789abcdefghjk ACK#home-front_door#0 has no format; this version reads format 1. Use the version that wrote it. Nothing was changed.",
  );
});

// The rule writes the number, not the device: such an answer was given, and must not count as silence.
test.each(UNKNOWN_FORMATS)(
  "a record of the format %j is refused, also among others",
  (v, shown) => {
    const parse = () => parseAcknowledgements([ITEM, { ...ITEM, v }]);

    expect(codeOf(parse)).toBe("FormatUnknown");
    expect(messageOf(parse)).toBe(
      `Acknowledgement record HOME#home#RUN#run_0123456789abcdefghjk ACK#home-front_door#0 has the format ${shown}; this version reads format 1. Use the version that wrote it. Nothing was changed.`,
    );
  },
);

// REQ: record-never-overwritten
test("of a command that a device reported again the first report comes first, by the number of the version", () => {
  const read = parseAcknowledgements([
    { ...ITEM, SK: "ACK#home-front_door#0#10#1767391200900", version: 10, acknowledgedAt: 3 },
    { ...ITEM, SK: "ACK#home-front_door#0#9#1767391200500", version: 9, acknowledgedAt: 1 },
    { ...ITEM, SK: "ACK#home-front_door#0#9#1767391200501", version: 9, recordedAt: 2 },
  ]);

  expect(read.map((one) => one.acknowledgedAtMs)).toEqual([1, 1_767_391_200_500, 3]);
});
