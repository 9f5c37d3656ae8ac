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

/** A shadow that wants this. */
const shadow = (desired: Record<string, unknown>, version = 1) => ({
  state: { desired },
  version,
});

/** The device carries out the command whose turn it is. */
const answerFirst = (inbox: CommandInbox): void => {
  const order = inbox.first();
  if (order === undefined) throw new Error("nothing waits");
  inbox.noteAnswer(order.id);
};

describe("a delta", () => {
  test("with a new command tells that the shadow has something new, and nothing more", () => {
    const inbox = createCommandInbox("lock");

    const isNew = inbox.hearsOfNew(
      delta({ lock: { locked: true }, command: { id: "run_a.0", run: "run_a" } }, 4),
    );

    expect(isNew).toBe(true);
    expect(inbox.first()).toBeUndefined();
    expect(inbox.received()).toEqual([]);
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
    const inbox = createCommandInbox("lock");

    expect(inbox.hearsOfNew(message)).toBe(false);
    expect(inbox.first()).toBeUndefined();
    expect(inbox.received()).toEqual([]);
  });

  test("of a command that waits is nothing new", () => {
    const inbox = createCommandInbox("plug");
    inbox.readShadow(shadow({ plug: { on: true }, command: command("run_a") }), true);

    expect(inbox.hearsOfNew(delta({ plug: { on: true }, command: command("run_a") }))).toBe(false);
  });

  test("of a command that has been answered is nothing new", () => {
    const inbox = createCommandInbox("plug");
    inbox.readShadow(shadow({ plug: { on: true }, command: command("run_a") }), true);
    answerFirst(inbox);

    expect(inbox.hearsOfNew(delta({ plug: { on: true }, command: command("run_a") }))).toBe(false);
    expect(inbox.first()).toBeUndefined();
    expect(inbox.received()).toEqual(["run_a.0"]);
  });

  test("of a command that was answered before a restart is nothing new", () => {
    const inbox = createCommandInbox("plug", {
      ...command("run_a"),
      status: "SUCCEEDED",
      reason: null,
    });

    expect(inbox.hearsOfNew(delta({ command: command("run_a") }))).toBe(false);
  });

  test("that was overtaken by a newer shadow is of a wish that has been replaced", () => {
    const inbox = createCommandInbox("plug");
    inbox.readShadow(shadow({ plug: { on: true }, command: command("run_b") }, 9), true);

    expect(inbox.hearsOfNew(delta({ plug: { on: false }, command: command("run_a") }, 8))).toBe(
      false,
    );
    expect(inbox.received()).toEqual(["run_b.0"]);
  });
});

describe("a whole shadow", () => {
  test("offers the command that is still wanted, with everything that must be echoed", () => {
    const inbox = createCommandInbox("lock");

    const found = inbox.readShadow(
      {
        state: {
          desired: {
            lock: { locked: true },
            command: { ...command("run_a"), extra: "x" },
            welcome: "aws-iot",
          },
          reported: { lock: { locked: false }, welcome: "aws-iot" },
          delta: { lock: { locked: true }, command: command("run_a") },
        },
        version: 12,
      },
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
    });
    expect(inbox.hearsOfNew(delta({ command: command("run_0") }, 11))).toBe(false);
  });

  // REQ: bridge-asked-only
  test("tells what is asked, and fills nothing up with what is reported", () => {
    const inbox = createCommandInbox("light");

    inbox.readShadow(
      {
        state: {
          desired: { light: { on: false }, command: command("run_a") },
          reported: { light: { on: true, brightness: 80, colorTempK: 2700 } },
          delta: { light: { on: false }, command: command("run_a") },
        },
        version: 3,
      },
      true,
    );

    expect(inbox.first()?.wanted).toEqual({ light: { on: false } });
  });

  test("tells what is asked also where all of it is reported already", () => {
    const inbox = createCommandInbox("lock");

    inbox.readShadow(
      {
        state: {
          desired: { lock: { locked: true }, command: command("run_a") },
          reported: { lock: { locked: true } },
          delta: { command: command("run_a") },
        },
        version: 3,
      },
      true,
    );

    expect(inbox.first()?.wanted).toEqual({ lock: { locked: true } });
  });

  test("whose command has been answered is done, also for a device that has forgotten it", () => {
    const inbox = createCommandInbox("lock");
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
    const inbox = createCommandInbox("plug", {
      ...command("run_a"),
      status: "SUCCEEDED",
      reason: null,
    });
    const wanting = shadow({ plug: { on: true }, command: command("run_a") }, 3);

    expect(inbox.readShadow(wanting, false)).toBe("nothing");
    expect(inbox.readShadow(wanting, true)).toBe("answer lost");
    expect(inbox.first()).toBeUndefined();
  });

  test("with an unreadable command gives an order without a header, so that it can be refused", () => {
    const inbox = createCommandInbox("plug");

    const found = inbox.readShadow(
      shadow({ plug: { on: true }, command: { id: "x", run: 3 } }, 3),
      true,
    );

    expect(found).toBe("order");
    expect(inbox.first()?.header).toBeUndefined();
    expect(inbox.first()?.command).toEqual({ id: "x", run: 3 });
  });

  test("that wants nothing any more withdraws what waits; an older one tells nothing", () => {
    const inbox = createCommandInbox("plug");
    inbox.readShadow(shadow({ plug: { on: true }, command: command("run_a") }, 4), true);

    inbox.readShadow({ state: { reported: { plug: { on: false } } }, version: 3 }, false);
    expect(inbox.first()?.id).toBe("run_a.0");
    inbox.readShadow({ state: { reported: { plug: { on: false } } }, version: 5 }, false);

    expect(inbox.first()).toBeUndefined();
  });

  test("that wants another command makes it the newest; the one before it is to be answered first", () => {
    const inbox = createCommandInbox("plug");
    inbox.readShadow(shadow({ plug: { on: true }, command: command("run_a") }, 4), true);

    inbox.readShadow(shadow({ plug: { on: false }, command: command("run_b") }, 5), true);

    expect(inbox.first()?.id).toBe("run_a.0");
    expect(inbox.newest()?.id).toBe("run_b.0");
    expect(inbox.newest()?.wanted).toEqual({ plug: { on: false } });
  });

  test("of a command that already waits leaves it in its place of the queue", () => {
    const inbox = createCommandInbox("plug");
    inbox.readShadow(shadow({ plug: { on: true }, command: command("run_a") }, 4), true);
    inbox.readShadow(shadow({ plug: { on: false }, command: command("run_b") }, 5), true);

    inbox.readShadow(shadow({ plug: { on: true }, command: command("run_a") }, 6), false);

    expect(inbox.first()?.id).toBe("run_a.0");
    expect(inbox.received()).toEqual(["run_a.0", "run_b.0"]);
  });

  test("that does not exist is the beginning: versions start anew", () => {
    const inbox = createCommandInbox("plug");
    inbox.readShadow(shadow({ plug: { on: true } }, 40), true);

    expect(inbox.readShadow(undefined, true)).toBe("nothing");
    expect(inbox.hearsOfNew(delta({ plug: { on: true }, command: command("run_a") }, 1))).toBe(
      true,
    );
  });
});

test("a command that is forgotten is offered again by the shadow", () => {
  const inbox = createCommandInbox("plug");
  const wanting = shadow({ plug: { on: true }, command: command("run_a") });
  inbox.readShadow(wanting, true);
  inbox.forget("run_a.0");

  const found = inbox.readShadow(wanting, true);

  expect(found).toBe("order");
  expect(inbox.first()?.id).toBe("run_a.0");
});

test("of very many commands the last thousand are remembered", () => {
  const inbox = createCommandInbox("plug");
  for (let i = 0; i < 1005; i += 1) {
    inbox.readShadow(shadow({ plug: { on: true }, command: command(`run_${i}`) }, i + 1), true);
    answerFirst(inbox);
  }

  expect(inbox.received()).toHaveLength(1000);
  expect(inbox.received()[0]).toBe("run_5.0");
  expect(inbox.received().at(-1)).toBe("run_1004.0");
});
