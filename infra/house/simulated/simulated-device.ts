import { setTimeout as pause } from "node:timers/promises";
import type { Device } from "#domain/home/device.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import { createCommandInbox, type Order } from "#house/contract/command-inbox.ts";
import { type DeviceLink, openDeviceLink } from "#house/contract/device-link.ts";
import { type DeviceValues, reportOfChange, unjammed } from "#house/contract/device-values.ts";
import { type Answer, actingTimeMs, answerAtOnce, carryOut } from "./answer.ts";
import { type Fault, refuseImpossibleFault } from "./faults.ts";

type Members = Readonly<Record<string, unknown>>;

/** What outlives a device's process: how it physically is, and what it answered last. */
export interface DeviceMemory {
  readonly values: DeviceValues;
  readonly lastAnswer?: Members;
}

/** One simulated device. */
export interface SimulatedDevice {
  readonly latencyMs: number;
  reported(): ReportedState;
  memory(): DeviceMemory;
  commandsReceived(): readonly string[];
  /** Connects and reports; with the fault `offline` it reports that it goes, and goes. */
  start(): Promise<void>;
  /** Gives it a fault, or wakes it. Resolves when the broker has what it then has to say. */
  setFault(fault: Fault | undefined): Promise<void>;
  stop(): Promise<void>;
}

/** What a device is made with. */
export interface DeviceOptions {
  readonly mqttUrl: string;
  readonly device: Device;
  readonly memory: DeviceMemory;
  readonly latencyMs: number;
  readonly fault?: Fault | undefined;
  /** Its values or its last answer are new. */
  onChange(): void;
  onLost(): void;
  onBack(): void;
  log(line: string): void;
}

/** What the device has asked of its shadow last. */
interface Question {
  readonly token: string;
  /** No report was on its way; the answer shows whether the last answer arrived. */
  readonly isSettled: boolean;
  /** How many answers had been sent. */
  readonly answersSent: number;
  readonly answered: PromiseWithResolvers<void>;
}

const LONGEST_DOUBT_MS = 1000;
const FIRST_PATIENCE_MS = 3000;
const LONGEST_PATIENCE_MS = 30_000;

/** Makes a device that keeps the contract of your-own-device.md, as far as its fault lets it. */
export const simulateDevice = (options: DeviceOptions): SimulatedDevice => {
  const { device, latencyMs } = options;
  let fault = options.fault;
  let { values, lastAnswer } = options.memory;
  // Before the first report the shadow may still know a jam of an earlier life.
  let reportedValues = values;
  if (fault?.kind !== "jammed") values = unjammed(values);
  let isOnline = false;
  let link: DeviceLink | undefined;
  let powerOff = new AbortController();
  let isBusy = false;
  let isStopped = false;
  let answersSent = 0;
  let reportsUnderWay = 0;
  let question: Question | undefined;
  let questions = 0;
  let connections = 0;
  let changing = Promise.resolve();
  const inbox = createCommandInbox(device.kind, values, lastAnswer);

  const isSilent = (): boolean => fault?.kind === "silent";
  const say = (what: string): void => options.log(`${device.id}: ${what}`);

  /** The values and whether it is online, with an echo when it answers: always in one update. */
  const nextReport = (online: boolean, echo?: Members): Members => {
    const report = {
      [device.kind]: reportOfChange(reportedValues, values),
      online,
      ...(echo === undefined ? {} : { command: echo }),
    };
    reportedValues = values;
    inbox.noteReport(values);
    return report;
  };

  const report = async (echo?: Members): Promise<void> => {
    if (link === undefined) return;
    reportsUnderWay += 1;
    try {
      await link.report(nextReport(true, echo));
    } finally {
      reportsUnderWay -= 1;
    }
  };

  const sendAnswer = (echo: Members): void => {
    answersSent += 1;
    // A link that is closing keeps it; the shadow shows at the next start that it is missing.
    report(echo).catch(() => {});
  };

  const answer = (order: Order, how: Answer): void => {
    const { status, reason } = how;
    values = how.values;
    lastAnswer = { ...order.command, status, reason };
    inbox.noteAnswer(order.id, lastAnswer);
    if (how.detail !== undefined) say(how.detail);
    options.onChange();
    const times = fault?.kind === "duplicate" ? 2 : 1;
    for (let i = 0; i < times; i += 1) sendAnswer(lastAnswer);
  };

  /** Carries out what waits, one after the other, until nothing does or the device is switched off. */
  const work = async (isOff: AbortSignal): Promise<void> => {
    for (let order = inbox.first(); order !== undefined && !isOff.aborted; order = inbox.first()) {
      if (isSilent()) {
        inbox.forget(order.id);
        continue;
      }
      const atOnce = answerAtOnce(order, values, Date.now());
      if (atOnce !== undefined) {
        answer(order, atOnce);
        continue;
      }
      if (order.isGuess && question !== undefined) {
        const noAnswer = pause(LONGEST_DOUBT_MS, undefined, { signal: isOff });
        await Promise.race([question.answered.promise, noAnswer]);
        if (inbox.order(order.id)?.isGuess === false) continue;
      }
      const ms = actingTimeMs(device, order, latencyMs, fault);
      if (ms > 0) await pause(ms, undefined, { signal: isOff });
      if (isOff.aborted) return;
      if (isSilent()) continue;
      // A newer reading of the same command may have come meanwhile.
      const latest = inbox.order(order.id) ?? order;
      answer(latest, carryOut(device, values, latest, fault));
    }
  };

  const wakeUp = (): void => {
    if (isBusy) return;
    isBusy = true;
    work(powerOff.signal)
      .catch((error: Error) => {
        if (error.name !== "AbortError") say(`stopped on an error: ${error.message}`);
      })
      .finally(() => {
        isBusy = false;
        // Something may have come between the last look and now, or after a new start.
        if (isOnline && inbox.first() !== undefined) wakeUp();
      });
  };

  const askForShadow = async (): Promise<void> => {
    questions += 1;
    const token = `${device.thing.slice(0, 40)}.${questions}`;
    const isSettled = reportsUnderWay === 0;
    question = { token, isSettled, answersSent, answered: Promise.withResolvers() };
    await link?.askForShadow(token);
  };

  const onShadow = (message: unknown, token: string | undefined): void => {
    const asked = question?.token === token ? question : undefined;
    const isCurrent = asked?.isSettled === true && asked.answersSent === answersSent;
    const finding = inbox.readShadow(message, isCurrent);
    asked?.answered.resolve();
    if (finding === "order") wakeUp();
    // It acted, and the connection or the process ended before the shadow had the answer.
    if (finding === "answer lost" && lastAnswer !== undefined && !isSilent()) {
      sendAnswer(lastAnswer);
    }
  };

  const switchOn = async (): Promise<void> => {
    powerOff = new AbortController();
    const first = Promise.withResolvers<void>();
    const greet = async (patienceMs = FIRST_PATIENCE_MS): Promise<void> => {
      const connection = connections;
      isOnline = true;
      // In this order: the answer to the question shows the shadow as it was, and a delta that the report brings about
      // can be understood by it.
      const asked = askForShadow();
      const mine = question;
      await Promise.all([asked, report()]);
      first.resolve();
      // A broker may be back before its shadow service, which then has heard neither.
      const isAnswered = await Promise.race([
        mine?.answered.promise.then(() => true),
        pause(patienceMs, false, { ref: false, signal: powerOff.signal }),
      ]);
      if (isAnswered || question !== mine || connection !== connections) return;
      await greet(Math.min(patienceMs * 2, LONGEST_PATIENCE_MS));
    };
    link = openDeviceLink(options.mqttUrl, device.thing, {
      onReady: () => {
        connections += 1;
        options.onBack();
        greet().catch(() => {});
      },
      onLost: () => {
        connections += 1;
        options.onLost();
      },
      onDelta: (message) => {
        const finding = inbox.readDelta(message, reportsUnderWay === 0);
        if (finding === "incomplete") askForShadow().catch(() => {});
        if (finding !== "nothing") wakeUp();
      },
      onShadow,
      onTrouble: say,
    });
    powerOff.signal.addEventListener("abort", () => first.resolve(), { once: true });
    await first.promise;
  };

  const switchOff = async (): Promise<void> => {
    powerOff.abort();
    isOnline = false;
    inbox.forgetAll();
    const leaving = link;
    link = undefined;
    await leaving?.close(nextReport(false));
  };

  /** Connects only to say that it is not there. */
  const announceOffline = async (): Promise<void> => {
    const ready = Promise.withResolvers<void>();
    const ignore = (): void => {};
    link = openDeviceLink(options.mqttUrl, device.thing, {
      onReady: ready.resolve,
      onLost: ignore,
      onDelta: ignore,
      onShadow: ignore,
      onTrouble: say,
    });
    powerOff.signal.addEventListener("abort", () => ready.resolve(), { once: true });
    await ready.promise;
    await switchOff();
  };

  const changeFault = async (next: Fault | undefined): Promise<void> => {
    if (isStopped) return;
    const before = fault;
    fault = next;
    const isFreed = next?.kind !== "jammed" && Object.hasOwn(values, "jammed");
    if (isFreed) {
      values = unjammed(values);
      options.onChange();
    }
    if (next?.kind === "offline") return switchOff();
    if (before?.kind === "offline") return switchOn();
    if (isFreed) await report();
    if (before?.kind === "silent") await askForShadow();
  };

  return {
    latencyMs,
    reported: () => ({ [device.kind]: values, online: isOnline }),
    memory: () => ({ values, ...(lastAnswer === undefined ? {} : { lastAnswer }) }),
    commandsReceived: inbox.received,
    start: () => (fault?.kind === "offline" ? announceOffline() : switchOn()),
    setFault: (next) => {
      refuseImpossibleFault(device, next);
      // One change after the other: a device cannot come while it is still going.
      changing = changing.catch(() => {}).then(() => changeFault(next));
      return changing;
    },
    stop: () => {
      isStopped = true;
      return switchOff();
    },
  };
};
