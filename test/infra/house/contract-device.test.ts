import { afterEach, describe, expect, test, vi } from "vitest";
import type { Actuator, Turn } from "#house/contract/actuator.ts";
import type { Answer } from "#house/contract/answer.ts";
import type { Order } from "#house/contract/command-inbox.ts";
import {
  type ContractDevice,
  type ContractDeviceOptions,
  createContractDevice,
} from "#house/contract/contract-device.ts";
import type { LinkEvents } from "#house/contract/device-link.ts";

type Members = Readonly<Record<string, unknown>>;

const command = (run: string, expiresAt = 4_000_000_000) => ({
  id: `${run}.0`,
  run,
  stage: 0,
  expiresAt,
  transitionSeconds: 0,
});

/** A device made of nothing but the contract, with its thing's end of the connection in the test's hands. */
interface Bench {
  readonly device: ContractDevice;
  /** What it says, oldest first: its reports, and `"ask"` for each question. */
  readonly said: readonly unknown[];
  readonly log: readonly string[];
  /** Ids of the commands that the actuator was given. */
  readonly acted: readonly string[];
  /** Something is wanted: the delta rings, and the shadow answers whoever asks from now on. */
  wish(desired: Members): void;
  /** The latest question. */
  question(): string;
  /** The shadow answers, the latest question if none is named. */
  shadow(
    state: Members,
    answer?: { readonly clientToken?: string; readonly timestamp?: number },
  ): void;
  lose(): void;
  comeBack(): void;
}

const lock: Actuator["carryOut"] = async (order) => ({
  status: "SUCCEEDED",
  reason: null,
  values: order.wanted.lock as Members,
});

const connected = async (
  carryOut: Actuator["carryOut"] = lock,
  more: Partial<ContractDeviceOptions> & {
    readonly isReady?: () => boolean;
    /** What its shadow wants when it is connected for the first time. */
    readonly atFirst?: Members;
  } = {},
): Promise<Bench> => {
  const said: unknown[] = [];
  const log: string[] = [];
  const acted: string[] = [];
  let token = "";
  let version = 0;
  let wanted = more.atFirst;
  let events: LinkEvents | undefined;
  const device = createContractDevice({
    device: { id: "front_door", kind: "lock", thing: "front_door" },
    actuator: {
      isReady: more.isReady ?? (() => true),
      carryOut: (order, turn) => {
        acted.push(order.id);
        return carryOut(order, turn);
      },
    },
    memory: { values: { locked: false } },
    openLink: (told) => {
      events = told;
      queueMicrotask(told.onReady);
      return {
        report: async (reported) => {
          said.push(reported);
        },
        askForShadow: async (asked) => {
          token = asked;
          if (wanted === undefined) said.push("ask");
          else told.onShadow({ state: { desired: wanted }, version }, asked);
        },
        close: async (lastReport) => {
          said.push(lastReport);
        },
      };
    },
    onChange: () => {},
    onLost: () => {},
    onBack: () => {},
    log: (line) => log.push(line),
    ...more,
  });
  await device.connect();
  return {
    device,
    said,
    log,
    acted,
    wish: (desired) => {
      version += 1;
      wanted = desired;
      events?.onDelta({ state: desired, version });
    },
    question: () => token,
    shadow: (state, { clientToken = token, ...more } = {}) => {
      version += 1;
      wanted = undefined;
      events?.onShadow({ state, version, ...more }, clientToken);
    },
    lose: () => events?.onLost(),
    comeBack: () => events?.onReady(),
  };
};

/** An actuator that is done when the test says so. */
const slowly = () => {
  const turns: { readonly order: Order; readonly turn: Turn; done(how?: Answer): void }[] = [];
  const carryOut: Actuator["carryOut"] = (order, turn) =>
    new Promise((resolve) => {
      turns.push({ order, turn, done: resolve });
    });
  return { turns, carryOut };
};

const answers = (said: readonly unknown[]): readonly unknown[] =>
  said.filter((one) => JSON.stringify(one).includes('"status"'));

test("a device asks what it missed and then reports, each time it is connected", async () => {
  const bench = await connected();

  bench.lose();
  bench.comeBack();

  expect(bench.said).toEqual([
    "ask",
    { lock: { locked: false }, online: true },
    "ask",
    { lock: { locked: false }, online: true },
  ]);
  expect(bench.device.isOnline()).toBe(true);
});

describe("a command", () => {
  test("is carried out, and answered with its whole echo and the values in one update", async () => {
    const bench = await connected();

    bench.wish({ lock: { locked: true }, command: { ...command("run_a"), extra: "x" } });

    await expect.poll(() => bench.said.length).toBe(3);
    expect(bench.said[2]).toEqual({
      lock: { locked: true },
      online: true,
      command: {
        id: "run_a.0",
        run: "run_a",
        stage: 0,
        expiresAt: 4_000_000_000,
        transitionSeconds: 0,
        extra: "x",
        status: "SUCCEEDED",
        reason: null,
      },
    });
    expect(bench.device.memory()).toMatchObject({
      values: { locked: true },
      lastAnswer: { id: "run_a.0", status: "SUCCEEDED" },
    });
    expect(bench.device.commandsReceived()).toEqual(["run_a.0"]);
  });

  test("that is delivered twice, also while it is carried out, is answered once", async () => {
    const { turns, carryOut } = slowly();
    const bench = await connected(carryOut);
    const state = { lock: { locked: true }, command: command("run_a") };
    bench.wish(state);
    await expect.poll(() => turns.length).toBe(1);
    bench.wish(state);
    turns[0]?.done({ status: "SUCCEEDED", reason: null, values: { locked: true } });
    await expect.poll(() => answers(bench.said).length).toBe(1);
    bench.wish(state);

    // What comes later is answered after whatever the repetitions would have led to.
    bench.wish({ lock: { locked: true }, command: command("run_b") });
    await expect.poll(() => turns.length).toBe(2);
    turns[1]?.done({ status: "SUCCEEDED", reason: null, values: { locked: true } });

    await expect.poll(() => answers(bench.said).length).toBe(2);
    expect(bench.acted).toEqual(["run_a.0", "run_b.0"]);
    expect(answers(bench.said)).toMatchObject([
      { command: { id: "run_a.0" } },
      { command: { id: "run_b.0" } },
    ]);
  });

  test("that has expired is refused, and nothing acts", async () => {
    const bench = await connected();

    bench.wish({ lock: { locked: true }, command: command("run_a", 1) });

    await expect.poll(() => bench.said.length).toBe(3);
    expect(bench.said[2]).toMatchObject({
      lock: { locked: false },
      command: { id: "run_a.0", status: "REJECTED", reason: "EXPIRED" },
    });
    expect(bench.acted).toEqual([]);
  });

  test("that expires while it waits for the one before it is refused", async () => {
    const { turns, carryOut } = slowly();
    const bench = await connected(carryOut);
    bench.wish({ lock: { locked: true }, command: command("run_a") });
    bench.wish({ command: command("run_b", 1) });
    await expect.poll(() => turns.length).toBe(1);

    turns[0]?.done({ status: "SUCCEEDED", reason: null, values: { locked: true } });

    await expect.poll(() => answers(bench.said).length).toBe(2);
    expect(answers(bench.said)).toMatchObject([
      { command: { id: "run_a.0", status: "SUCCEEDED" } },
      { command: { id: "run_b.0", status: "REJECTED", reason: "EXPIRED" } },
    ]);
    expect(bench.acted).toEqual(["run_a.0"]);
  });

  test("that lacks a member, also in the whole shadow, fails, and nothing acts", async () => {
    const bench = await connected();

    bench.shadow({ desired: { lock: { locked: true }, command: { id: "run_a.0", run: "run_a" } } });

    await expect.poll(() => bench.said.length).toBe(3);
    expect(bench.said[2]).toMatchObject({
      command: { id: "run_a.0", run: "run_a", status: "FAILED", reason: "COMMAND_INVALID" },
    });
    expect(bench.acted).toEqual([]);
  });

  // REQ: bridge-superseded
  test("that a newer one takes the place of is ended and answered as superseded", async () => {
    const bench = await connected(async (order, turn) => {
      if (order.id !== "run_a.0") return lock(order, turn);
      const { promise, reject } = Promise.withResolvers<never>();
      turn.isOver.addEventListener("abort", () => reject(new Error("broken off")));
      return promise;
    });
    bench.wish({ lock: { locked: true }, command: command("run_a") });
    await expect.poll(() => bench.acted.length).toBe(1);

    bench.wish({ lock: { locked: true }, command: command("run_b") });

    await expect.poll(() => answers(bench.said).length).toBe(2);
    expect(answers(bench.said)).toMatchObject([
      {
        lock: { locked: false },
        command: { id: "run_a.0", status: "FAILED", reason: "SUPERSEDED" },
      },
      { lock: { locked: true }, command: { id: "run_b.0", status: "SUCCEEDED" } },
    ]);
    expect(bench.log).toEqual([]);
  });

  test("whose actuator breaks is left unanswered with a line in the log, and the next one is carried out", async () => {
    const bench = await connected(async (order, turn) => {
      if (order.id === "run_a.0") throw new Error("no radio");
      return lock(order, turn);
    });

    bench.wish({ lock: { locked: true }, command: command("run_a") });
    await expect.poll(() => bench.log.length).toBe(1);
    bench.wish({ lock: { locked: true }, command: command("run_b") });

    await expect.poll(() => answers(bench.said).length).toBe(1);
    expect(answers(bench.said)).toMatchObject([{ command: { id: "run_b.0" } }]);
    expect(bench.log).toEqual(["front_door: run_a.0 stopped on an error: Error: no radio"]);
  });
});

describe("what the shadow tells", () => {
  test("a command that came while the device was away is carried out", async () => {
    const bench = await connected();

    bench.shadow({ desired: { lock: { locked: true }, command: command("run_a") } });

    await expect.poll(() => answers(bench.said).length).toBe(1);
    expect(answers(bench.said)).toMatchObject([{ lock: { locked: true } }]);
  });

  test("an answer that was lost is given again, and nothing acts", async () => {
    const lastAnswer = { ...command("run_a"), status: "SUCCEEDED", reason: null };
    const bench = await connected(lock, { memory: { values: { locked: true }, lastAnswer } });
    // Asked when the report was through: the shadow that answers has everything that was sent.
    await bench.device.lookAgain();

    bench.shadow({ desired: { lock: { locked: true }, command: command("run_a") } });

    expect(bench.said.at(-1)).toEqual({
      lock: { locked: true },
      online: true,
      command: lastAnswer,
    });
    expect(bench.acted).toEqual([]);
  });

  test("a wish that was withdrawn while its command waited is not carried out; what is under way is answered", async () => {
    const { turns, carryOut } = slowly();
    const bench = await connected(carryOut);
    bench.wish({ lock: { locked: true }, command: command("run_a") });
    bench.wish({ command: command("run_b") });
    await expect.poll(() => turns.length).toBe(1);
    await bench.device.lookAgain();

    bench.shadow({ reported: { lock: { locked: false }, online: true } });
    turns[0]?.done({ status: "SUCCEEDED", reason: null, values: { locked: true } });
    bench.wish({ lock: { locked: false }, command: command("run_c") });

    await expect.poll(() => turns.length).toBe(2);
    expect(bench.acted).toEqual(["run_a.0", "run_c.0"]);
    expect(answers(bench.said)).toMatchObject([{ command: { id: "run_a.0" } }]);
  });
});

describe("an answer that waited on its way", () => {
  afterEach(() => vi.restoreAllMocks());
  const wish = (run: string, expiresAt?: number) => ({
    desired: { lock: { locked: true }, command: command(run, expiresAt) },
  });

  test("makes the device ask anew, and only what still stands is begun", async () => {
    const bench = await connected();
    const now = performance.now();
    vi.spyOn(performance, "now").mockImplementation(() => now + 2500);

    bench.shadow(wish("run_a"));
    const asked = [...bench.said];
    bench.shadow(wish("run_b", 1));

    await expect.poll(() => answers(bench.said).length).toBe(1);
    expect(asked.slice(2)).toEqual(["ask"]);
    expect(bench.device.commandsReceived()).toEqual(["run_b.0"]);
  });

  test("is acted on where it says itself that it was made just now: the way is slow, and none of it was waited", async () => {
    const bench = await connected();
    const now = performance.now();
    vi.spyOn(performance, "now").mockImplementation(() => now + 2500);

    bench.shadow(wish("run_a"), { timestamp: Math.floor(Date.now() / 1000) });

    await expect.poll(() => answers(bench.said).length).toBe(1);
    expect(bench.acted).toEqual(["run_a.0"]);
  });

  test("still tells that an answer of the device was lost", async () => {
    const lastAnswer = { ...command("run_a"), status: "SUCCEEDED", reason: null };
    const bench = await connected(lock, { memory: { values: { locked: true }, lastAnswer } });
    await bench.device.lookAgain();
    const now = performance.now();
    vi.spyOn(performance, "now").mockImplementation(() => now + 2500);

    bench.shadow(wish("run_a"));

    expect(bench.said.at(-1)).toMatchObject({ command: lastAnswer });
    expect(bench.acted).toEqual([]);
  });

  test("behind a newer question is not acted on either", async () => {
    const bench = await connected();
    const first = bench.question();
    await bench.device.lookAgain();

    bench.shadow(wish("run_a"), {
      clientToken: first,
      timestamp: Math.floor(Date.now() / 1000),
    });
    expect(bench.said.slice(2)).toEqual(["ask"]);
    bench.shadow({ reported: { lock: { locked: false } } });

    await bench.device.lookAgain();
    bench.shadow(wish("run_b", 1));
    await expect.poll(() => answers(bench.said).length).toBe(1);
    expect(bench.device.commandsReceived()).toEqual(["run_b.0"]);
  });
});

describe("an actuator that is not ready", () => {
  test("leaves its commands to the shadow, where the device finds them when it looks again", async () => {
    let isReady = false;
    const bench = await connected(lock, { isReady: () => isReady });
    bench.wish({ lock: { locked: true }, command: command("run_a") });
    isReady = true;

    await bench.device.lookAgain();
    bench.shadow({ desired: { lock: { locked: true }, command: command("run_a") } });

    await expect.poll(() => answers(bench.said).length).toBe(1);
    expect(bench.acted).toEqual(["run_a.0"]);
    expect(bench.device.commandsReceived()).toEqual(["run_a.0"]);
  });

  test("that did nothing after all gives no answer", async () => {
    const { turns, carryOut } = slowly();
    const bench = await connected(carryOut);
    bench.wish({ lock: { locked: true }, command: command("run_a") });
    bench.wish({ lock: { locked: true }, command: command("run_b") });
    await expect.poll(() => turns.length).toBe(1);

    turns[0]?.done(undefined);
    await expect.poll(() => turns.length).toBe(2);
    turns[1]?.done({ status: "FAILED", reason: "JAMMED", values: { locked: false } });

    await expect.poll(() => answers(bench.said).length).toBe(1);
    expect(answers(bench.said)).toMatchObject([{ command: { id: "run_b.0", reason: "JAMMED" } }]);
  });
});

describe("a device whose values were found, not remembered", () => {
  test("does what is still wanted before it reports them, so that what it did in an earlier life was not so before", async () => {
    const { turns, carryOut } = slowly();
    const bench = await connected(carryOut, {
      memory: { values: { locked: true } },
      isFound: true,
      atFirst: { lock: { locked: true }, command: command("run_a") },
    });

    turns[0]?.done({ status: "SUCCEEDED", reason: null, values: { locked: true } });

    await expect.poll(() => answers(bench.said).length).toBe(1);
    expect(bench.said[0]).toEqual({ online: true });
    expect(bench.said[1]).toMatchObject({ lock: { locked: true }, command: { id: "run_a.0" } });
  });

  test("reports them when nothing is wanted", async () => {
    const bench = await connected(lock, {
      memory: { values: { locked: true } },
      isFound: true,
      atFirst: {},
    });

    expect(bench.said).toEqual([{ lock: { locked: true }, online: true }]);
  });
});

test("a device whose hub is away says so though its link is up, and tells what it senses beside its values", async () => {
  const bench = await connected(lock, {
    isThere: () => false,
    readings: () => ({ battery: { percent: 80 } }),
  });

  expect(bench.said.at(-1)).toEqual({
    battery: { percent: 80 },
    lock: { locked: false },
    online: false,
  });
});

describe("a change that no command made", () => {
  test("is in the next report, which deletes what is gone", async () => {
    const bench = await connected(lock, { memory: { values: { locked: false, jammed: true } } });

    bench.device.noteValues({ locked: true });
    await bench.device.report();

    expect(bench.said.slice(1)).toEqual([
      { lock: { locked: false, jammed: true }, online: true },
      { lock: { locked: true, jammed: null }, online: true },
    ]);
  });

  test("of a device that is not connected is said when it is", async () => {
    const bench = await connected();
    await bench.device.disconnect();

    bench.device.noteValues({ locked: true });
    await bench.device.report();
    await bench.device.connect();

    expect(bench.said.slice(2)).toEqual([
      { lock: { locked: false }, online: false },
      "ask",
      { lock: { locked: true }, online: true },
    ]);
  });
});

describe("going", () => {
  test("ends what is under way without an answer, and the last report says so", async () => {
    const { turns, carryOut } = slowly();
    const bench = await connected(carryOut);
    bench.wish({ lock: { locked: true }, command: command("run_a") });
    await expect.poll(() => turns.length).toBe(1);

    await bench.device.disconnect();
    turns[0]?.done({ status: "SUCCEEDED", reason: null, values: { locked: true } });
    await bench.device.connect();
    bench.shadow({ desired: { lock: { locked: true }, command: command("run_a") } });
    await expect.poll(() => turns.length).toBe(2);

    expect(turns[0]?.turn.isOver.aborted).toBe(true);
    expect(answers(bench.said)).toEqual([]);
    expect(bench.said[2]).toEqual({ lock: { locked: false }, online: false });
  });

  test("a device that is not there says only that", async () => {
    const bench = await connected();
    await bench.device.disconnect();

    await bench.device.announceOffline();

    expect(bench.said.slice(2)).toEqual([
      { lock: { locked: false }, online: false },
      { lock: { locked: false }, online: false },
    ]);
    expect(bench.device.isOnline()).toBe(false);
  });
});
