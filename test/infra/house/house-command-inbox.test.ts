import { describe, expect, test } from "vitest";
import { type CommandInbox, createCommandInbox } from "#house/contract/command-inbox.ts";

const command = (id: string, stage = 0, transitionSeconds = 0) => ({
  id: `${id}.${stage}`,
  run: id,
  stage,
  expiresAt: 1000,
  transitionSeconds,
});

const delta = (state: Record<string, unknown>, version?: number) => ({
  state,
  ...(version === undefined ? {} : { version }),
});

/** The device carries out the command whose turn it is. */
const answerFirst = (inbox: CommandInbox, values: Record<string, unknown>): void => {
  const order = inbox.first();
  if (order === undefined) throw new Error("nothing waits");
  inbox.noteAnswer(order.id, { ...order.command, status: "SUCCEEDED", reason: null });
  inbox.noteReport(values);
};

describe("a delta", () => {
  test("with a new command is an order, with everything that must be echoed", () => {
    const inbox = createCommandInbox("lock", { locked: false });

    const found = inbox.readDelta(
      delta({ lock: { locked: true }, command: { ...command("run_a"), extra: "x" } }, 4),
      true,
    );

    expect(found).toBe("order");
    expect(inbox.first()).toEqual({
      id: "run_a.0",
      command: {
        id: "run_a.0",
        run: "run_a",
        stage: 0,
        expiresAt: 1000,
        transitionSeconds: 0,
        extra: "x",
      },
      header: { id: "run_a.0", run: "run_a", stage: 0, expiresAt: 1000, transitionSeconds: 0 },
      wanted: { lock: { locked: true } },
      isGuess: false,
    });
    expect(inbox.received()).toEqual(["run_a.0"]);
  });

  test.each([
    ["without a command", { state: { lock: { locked: true } } }],
    ["with parts of a command but no id", { state: { command: { stage: 3 } } }],
    ["with an empty id", { state: { command: { id: "" } } }],
    ["with an id that is no text", { state: { command: { id: 7 } } }],
    ["with a command that is no object", { state: { command: "run_a.0" } }],
    ["without a state", { version: 3 }],
    ["that is no object", [1, 2]],
  ])("%s changes nothing", (_what, message) => {
    const inbox = createCommandInbox("lock", { locked: false });

    expect(inbox.readDelta(message, true)).toBe("nothing");
    expect(inbox.first()).toBeUndefined();
    expect(inbox.received()).toEqual([]);
  });

  test("leaves out what equals the last echo and the reported state; both are put back", () => {
    const inbox = createCommandInbox("light", { on: true, brightness: 60 });
    inbox.readDelta(delta({ light: { brightness: 10 }, command: command("run_a", 1, 2) }), true);
    answerFirst(inbox, { on: true, brightness: 10 });

    // Same stage, fade and expiry, and the light is on already: only the id, the run and the brightness differ.
    const found = inbox.readDelta(
      delta({ light: { brightness: 40 }, command: { id: "run_b.1", run: "run_b" } }),
      true,
    );

    expect(found).toBe("order");
    expect(inbox.first()?.command).toEqual({
      id: "run_b.1",
      run: "run_b",
      stage: 1,
      expiresAt: 1000,
      transitionSeconds: 2,
    });
    expect(inbox.first()?.wanted).toEqual({ light: { on: true, brightness: 40 } });
  });

  test("with nothing but a command wants what was reported when it was computed, not what comes of the command before it", () => {
    const inbox = createCommandInbox("lock", { locked: true });
    inbox.readDelta(delta({ lock: { locked: false }, command: command("run_a") }, 1), true);
    inbox.readDelta(delta({ command: command("run_b") }, 2), true);
    answerFirst(inbox, { locked: false });

    expect(inbox.first()?.id).toBe("run_b.0");
    expect(inbox.first()?.wanted).toEqual({ lock: { locked: true } });
  });

  test("of a command that already waits replaces what was understood, in the same place of the queue", () => {
    const inbox = createCommandInbox("light", { on: true });
    inbox.readDelta(delta({ light: { on: false }, command: command("run_a") }, 1), true);
    inbox.readDelta(delta({ command: command("run_b") }, 2), true);
    inbox.readDelta(delta({ light: { brightness: 5 }, command: command("run_a") }, 3), true);

    expect(inbox.first()?.wanted).toEqual({ light: { on: true, brightness: 5 } });
    expect(inbox.order("run_b.0")?.wanted).toEqual({ light: { on: true } });
    expect(inbox.received()).toEqual(["run_a.0", "run_b.0"]);
  });

  test("of a command that has been answered is nothing", () => {
    const inbox = createCommandInbox("plug", { on: false });
    inbox.readDelta(delta({ plug: { on: true }, command: command("run_a") }), true);
    answerFirst(inbox, { on: true });

    expect(inbox.readDelta(delta({ plug: { on: true }, command: command("run_a") }), true)).toBe(
      "nothing",
    );
    expect(inbox.first()).toBeUndefined();
    expect(inbox.received()).toEqual(["run_a.0"]);
  });

  test("of a command that was answered before a restart is nothing", () => {
    const inbox = createCommandInbox(
      "plug",
      { on: true },
      { ...command("run_a"), status: "SUCCEEDED", reason: null },
    );

    expect(inbox.readDelta(delta({ command: command("run_a") }), true)).toBe("nothing");
  });

  test("that was overtaken by a newer one is of a wish that has been replaced", () => {
    const inbox = createCommandInbox("plug", { on: false });
    inbox.readDelta(delta({ plug: { on: true }, command: command("run_b") }, 9), true);

    expect(
      inbox.readDelta(delta({ plug: { on: false }, command: command("run_a") }, 8), true),
    ).toBe("nothing");
    expect(inbox.received()).toEqual(["run_b.0"]);
  });

  test("whose command cannot be completed needs the whole shadow", () => {
    const inbox = createCommandInbox("plug", { on: false });

    const found = inbox.readDelta(
      delta({ plug: { on: true }, command: { id: "run_a.0", run: "run_a" } }),
      true,
    );

    expect(found).toBe("incomplete");
    expect(inbox.first()).toBeUndefined();
    expect(inbox.received()).toEqual(["run_a.0"]);
  });
});

describe("a delta that comes while a report is on its way", () => {
  const inDoubt = (): CommandInbox => {
    const inbox = createCommandInbox("lock", { locked: true });
    inbox.readDelta(delta({ lock: { locked: false }, command: command("run_a") }, 1), true);
    answerFirst(inbox, { locked: false });
    expect(inbox.readDelta(delta({ command: command("run_b") }, 2), false)).toBe("incomplete");
    return inbox;
  };

  test("may have been compared with the report before: it is a guess", () => {
    const inbox = inDoubt();

    expect(inbox.first()).toMatchObject({
      id: "run_b.0",
      wanted: { lock: { locked: false } },
      isGuess: true,
    });
    expect(inbox.received()).toEqual(["run_a.0", "run_b.0"]);
  });

  test("is understood with the whole shadow", () => {
    const inbox = inDoubt();

    inbox.readShadow(
      { state: { desired: { lock: { locked: true }, command: command("run_b") } }, version: 3 },
      false,
    );

    expect(inbox.first()).toMatchObject({
      id: "run_b.0",
      wanted: { lock: { locked: true } },
      isGuess: false,
    });
  });

  test("does not replace what is known", () => {
    const inbox = inDoubt();
    inbox.readDelta(delta({ lock: { locked: true }, command: command("run_b") }, 3), true);

    inbox.readDelta(delta({ command: command("run_b") }, 3), false);

    expect(inbox.first()).toMatchObject({ wanted: { lock: { locked: true } }, isGuess: false });
  });
});

describe("a whole shadow", () => {
  test("offers the command that is still wanted", () => {
    const inbox = createCommandInbox("lock", { locked: false });

    const found = inbox.readShadow(
      {
        state: {
          desired: { lock: { locked: true }, command: command("run_a"), welcome: "aws-iot" },
          reported: { lock: { locked: false }, welcome: "aws-iot" },
          delta: { lock: { locked: true }, command: command("run_a") },
        },
        version: 12,
      },
      true,
    );

    expect(found).toBe("order");
    expect(inbox.first()?.wanted).toEqual({ lock: { locked: true } });
    expect(inbox.readDelta(delta({ command: command("run_0") }, 11), true)).toBe("nothing");
  });

  test("whose command has been answered is done, also for a device that has forgotten it", () => {
    const inbox = createCommandInbox("lock", { locked: true });
    const answered = { ...command("run_a"), status: "FAILED", reason: "JAMMED" };

    const found = inbox.readShadow(
      {
        state: {
          desired: { lock: { locked: true }, command: command("run_a") },
          reported: { lock: { locked: false }, command: answered },
          delta: { lock: { locked: true } },
        },
        version: 12,
      },
      true,
    );

    expect(found).toBe("nothing");
    expect(inbox.first()).toBeUndefined();
  });

  test("without the device's last answer shows that the answer was lost, if nothing is under way", () => {
    const inbox = createCommandInbox(
      "plug",
      { on: true },
      { ...command("run_a"), status: "SUCCEEDED", reason: null },
    );
    const shadow = {
      state: { desired: { plug: { on: true }, command: command("run_a") } },
      version: 3,
    };

    expect(inbox.readShadow(shadow, false)).toBe("nothing");
    expect(inbox.readShadow(shadow, true)).toBe("answer lost");
    expect(inbox.first()).toBeUndefined();
  });

  test("with an unreadable command gives an order without a header, so that it can be refused", () => {
    const inbox = createCommandInbox("plug", { on: false });

    const found = inbox.readShadow(
      { state: { desired: { plug: { on: true }, command: { id: "x", run: 3 } } }, version: 3 },
      true,
    );

    expect(found).toBe("order");
    expect(inbox.first()?.header).toBeUndefined();
    expect(inbox.first()?.command).toEqual({ id: "x", run: 3 });
  });

  test("that wants nothing any more withdraws what waits; an older one tells nothing", () => {
    const inbox = createCommandInbox("plug", { on: false });
    inbox.readDelta(delta({ plug: { on: true }, command: command("run_a") }, 4), true);

    inbox.readShadow({ state: { reported: { plug: { on: false } } }, version: 3 }, true);
    expect(inbox.first()?.id).toBe("run_a.0");
    inbox.readShadow({ state: { reported: { plug: { on: false } } }, version: 5 }, false);

    expect(inbox.first()).toBeUndefined();
  });

  test("that wants another command leaves what waits before it", () => {
    const inbox = createCommandInbox("plug", { on: false });
    inbox.readDelta(delta({ plug: { on: true }, command: command("run_a") }, 4), true);

    inbox.readShadow(
      { state: { desired: { plug: { on: false }, command: command("run_b") } }, version: 5 },
      true,
    );

    expect(inbox.first()?.id).toBe("run_a.0");
    expect(inbox.order("run_b.0")?.wanted).toEqual({ plug: { on: false } });
  });

  test("that does not exist is the beginning: versions start anew", () => {
    const inbox = createCommandInbox("plug", { on: false });
    inbox.readDelta(delta({ plug: { on: true } }, 40), true);

    expect(inbox.readShadow(undefined, true)).toBe("nothing");
    expect(inbox.readDelta(delta({ plug: { on: true }, command: command("run_a") }, 1), true)).toBe(
      "order",
    );
  });
});

test("a command that is forgotten is offered again by the shadow", () => {
  const inbox = createCommandInbox("plug", { on: false });
  inbox.readDelta(delta({ plug: { on: true }, command: command("run_a") }, 1), true);
  inbox.forget("run_a.0");

  const found = inbox.readShadow(
    { state: { desired: { plug: { on: true }, command: command("run_a") } }, version: 1 },
    true,
  );

  expect(found).toBe("order");
  expect(inbox.first()?.id).toBe("run_a.0");
});

test("of very many commands the last thousand are remembered", () => {
  const inbox = createCommandInbox("plug", { on: false });
  for (let i = 0; i < 1005; i += 1) {
    inbox.readDelta(delta({ plug: { on: true }, command: command(`run_${i}`) }), true);
    answerFirst(inbox, { on: true });
  }

  expect(inbox.received()).toHaveLength(1000);
  expect(inbox.received()[0]).toBe("run_5.0");
  expect(inbox.received().at(-1)).toBe("run_1004.0");
});
