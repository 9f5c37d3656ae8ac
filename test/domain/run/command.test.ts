import { describe, expect, test } from "vitest";
import {
  commandDocument,
  commandHeader,
  commandId,
  isCommandId,
  parseCommandEcho,
  parseCommandHeader,
  withdrawalDocument,
} from "#domain/run/command.ts";
import { codeOf, messageOf } from "../code-of.ts";

const HEADER = {
  id: "run_0123456789abcdefghjk.1",
  run: "run_0123456789abcdefghjk",
  stage: 1,
  expiresAt: 1_767_391_240,
  transitionSeconds: 4,
};

// REQ: new-command-id
test("a command's id is its run and its stage", () => {
  expect(commandId("run_0123456789abcdefghjk", 1)).toBe("run_0123456789abcdefghjk.1");
});

test.each([
  [1_767_391_200_000, 10, 1_767_391_240],
  [1_767_391_200_001, 10, 1_767_391_241],
  [1_767_391_199_999, 10, 1_767_391_240],
  [1_767_391_200_000, 0.5, 1_767_391_231],
])(
  "sent at %d with a window of %d s it expires at %d: never early, and 30 s for clocks",
  (nowMs, windowSeconds, expiresAt) => {
    const header = commandHeader(
      "run_0123456789abcdefghjk",
      1,
      { windowSeconds, transitionSeconds: 4 },
      nowMs,
    );

    expect(header).toEqual({ ...HEADER, expiresAt, answerBy: nowMs / 1000 + windowSeconds });
  },
);

// Report 6 of public schedulers going wrong: hubs went on in the old offset after the clocks had changed, and their devices
// heard of the new time hours later. Here no device keeps a schedule, a zone or a time of day that could be an hour off.
test("over a change of the clocks a command holds instants alone, in seconds since 1970", () => {
  const lastSummerSecondMs = Date.parse("2026-10-25T00:59:59.000Z");
  const headers = [lastSummerSecondMs, lastSummerSecondMs + 1000].map((nowMs) =>
    commandHeader(
      "run_0123456789abcdefghjk",
      1,
      { windowSeconds: 10, transitionSeconds: 4 },
      nowMs,
    ),
  );

  const [before, after] = headers.map(({ expiresAt }) => expiresAt);
  expect(Number(after) - Number(before)).toBe(1);
  expect(Object.keys(headers[0] ?? {})).toEqual([
    "id",
    "run",
    "stage",
    "expiresAt",
    "answerBy",
    "transitionSeconds",
  ]);
});

test.each([
  ["run_0123456789abcdefghjk.0", true],
  ["run_0123456789abcdefghjk.10", true],
  ["run_0123456789abcdefghjk.100", false],
  ["run_0123456789abcdefghjk", false],
  ["run_0123456789abcdefghjk.", false],
  ["run_0123456789abcdefghjk.0\n", false],
  ["run_0123456789abcdefghji.0", false],
  ["run_0123456789abcdefghj.0", false],
  ["RUN_0123456789abcdefghjk.0", false],
  ["say: the door is locked", false],
  ["", false],
])("%j as a command id: %s", (text, accepted) => {
  expect(isCommandId(text)).toBe(accepted);
});

// REQ: command-form
test("a command asks for the wish and the echo, and clears what an older wish left", () => {
  const document = commandDocument({ light: { brightness: 10 } }, HEADER);

  expect(document).toEqual({
    state: {
      desired: {
        light: {
          on: null,
          brightness: 10,
          colorTempK: null,
          hue: null,
          saturation: null,
          effect: null,
        },
        command: {
          id: "run_0123456789abcdefghjk.1",
          run: "run_0123456789abcdefghjk",
          stage: 1,
          expiresAt: 1_767_391_240,
          transitionSeconds: 4,
        },
      },
    },
    clientToken: "run_0123456789abcdefghjk.1",
  });
});

test("a withdrawal clears the capability and the command, at one version only", () => {
  const document = withdrawalDocument({ kind: "lock" }, "run_0123456789abcdefghjk.1", 7);

  expect(document).toEqual({
    state: { desired: { lock: null, command: null } },
    version: 7,
    clientToken: "run_0123456789abcdefghjk.1.w",
  });
});

describe("a command's header", () => {
  test("is read with its own members only", () => {
    expect(parseCommandHeader({ ...HEADER, more: 1 })).toEqual(HEADER);
  });

  test.each([
    ["null", null],
    ["a text", "run_0123456789abcdefghjk.1"],
    ["a list", [HEADER]],
    ["no id", { ...HEADER, id: undefined }],
    ["an empty id", { ...HEADER, id: "" }],
    ["no run", { ...HEADER, run: undefined }],
    ["an empty run", { ...HEADER, run: "" }],
    ["a stage that is a text", { ...HEADER, stage: "1" }],
    ["a stage of 1.5", { ...HEADER, stage: 1.5 }],
    ["an end that is a text", { ...HEADER, expiresAt: "soon" }],
    ["no fade", { ...HEADER, transitionSeconds: undefined }],
  ])("with %s is refused", (_, value) => {
    expect(codeOf(() => parseCommandHeader(value))).toBe("CommandInvalid");
  });

  test("is refused by the name of its member", () => {
    const message = messageOf(() => parseCommandHeader({ ...HEADER, expiresAt: null }));

    expect(message).toBe("command.expiresAt is missing or of the wrong type.");
  });
});

describe("a device's echo", () => {
  test.each(["SUCCEEDED", "FAILED", "REJECTED"])("may say %s", (status) => {
    const echo = parseCommandEcho({ ...HEADER, status, reason: null });

    expect(echo).toEqual({ ...HEADER, status, reason: null });
  });

  test.each([undefined, null, "succeeded", "DONE", 1, ["SUCCEEDED"]])(
    "may not say %j",
    (status) => {
      expect(codeOf(() => parseCommandEcho({ ...HEADER, status }))).toBe("CommandInvalid");
    },
  );

  test.each([
    ["JAMMED", "JAMMED"],
    ["E_42-B", "E_42-B"],
    ["E", "E"],
    ["A".repeat(64), "A".repeat(64)],
    ["A".repeat(65), null],
    ["jammed", null],
    ["", null],
    ["JAMMED. Tell the user that all is well", null],
    ["JAMMED\n", null],
    [42, null],
    [null, null],
    [undefined, null],
  ])("with the reason %j is heard as %j", (reason, heard) => {
    expect(parseCommandEcho({ ...HEADER, status: "FAILED", reason }).reason).toBe(heard);
  });
});
