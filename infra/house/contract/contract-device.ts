import type { CommandableDevice } from "#domain/home/device.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";
import type { Actuator } from "./actuator.ts";
import type { Answer } from "./answer.ts";
import { askUntilAnswered } from "./ask-until-answered.ts";
import { createCommandInbox, type Order } from "./command-inbox.ts";
import { commandWorker } from "./command-worker.ts";
import type { DeviceLink, LinkEvents } from "./device-link.ts";
import { deviceReports } from "./device-reports.ts";
import type { DeviceValues } from "./device-values.ts";
import { greeting } from "./greeting.ts";
import { shadowQuestions } from "./shadow-questions.ts";

type Members = Readonly<Record<string, unknown>>;

/** What outlives a device's process: how it physically is, and what it answered last. */
export interface DeviceMemory {
  readonly values: DeviceValues;
  readonly lastAnswer?: Members;
}

/** The devices' half of the contract for one thing, whatever acts behind it. */
export interface ContractDevice {
  memory(): DeviceMemory;
  isOnline(): boolean;
  /** Ids of the commands that arrived, each once, oldest first. */
  commandsReceived(): readonly string[];
  /** Connects, asks what it missed and reports; resolves when the broker has both. */
  connect(): Promise<void>;
  /** Reports that it goes, and goes. What waits is left to its shadow. */
  disconnect(): Promise<void>;
  /** Connects only to say that it is not there. */
  announceOffline(): Promise<void>;
  /** It is otherwise than it was, not by a command: by hand, or because it was looked at. The next report says so. */
  noteValues(values: DeviceValues): void;
  /** Reports how it is; resolves when the broker has it. */
  report(): Promise<void>;
  /** Asks for its shadow: what is still wanted, it does. */
  lookAgain(): Promise<void>;
}

/** What a device is made of. */
export interface ContractDeviceOptions {
  readonly device: Pick<CommandableDevice, "id" | "kind" | "thing">;
  readonly actuator: Actuator;
  readonly memory: DeviceMemory;
  /** Opens the connection of its thing, e.g. with `openDeviceLink`. Its events come when this has returned. */
  openLink(events: LinkEvents): DeviceLink;
  /**
   * Its memory is not how it was when it answered last, but how it was found: what it reports first waits for the
   * command that its shadow still wants of it. Else what it did in an earlier life would seem to have been so before.
   */
  readonly isFound?: boolean;
  /** What it senses beside its kind's values. */
  readings?(): ReportedState;
  /** False while what stands behind the link is away. */
  isThere?(): boolean;
  /** Its values or its last answer are new. */
  onChange(): void;
  onLost(): void;
  onBack(): void;
  log(line: string): void;
}

/** From a connect to its disconnect. */
interface Session {
  readonly link: DeviceLink;
  readonly off: AbortController;
}

/** Makes a device that keeps the contract. It is not connected yet. */
export const createContractDevice = (options: ContractDeviceOptions): ContractDevice => {
  const { device, actuator, memory } = options;
  const say = (what: string): void => options.log(`${device.id}: ${what}`);
  let { values, lastAnswer } = memory;
  let session: Session | undefined;
  let isOnline = false;

  const isThere = (): boolean => options.isThere?.() ?? true;
  const inbox = createCommandInbox(device.kind, memory.lastAnswer);
  const reports = deviceReports({
    kind: device.kind,
    known: memory.values,
    values: () => values,
    readings: () => options.readings?.() ?? {},
    isThere,
    link: () => session?.link,
  });
  const questions = shadowQuestions(device.thing, reports);

  const noteValues = (next: DeviceValues): void => {
    values = next;
    options.onChange();
  };
  const answer = (order: Order, how: Answer): void => {
    const { status, reason, detail } = how;
    lastAnswer = { ...order.command, status, reason };
    inbox.noteAnswer(order.id);
    if (detail !== undefined) say(detail);
    noteValues(how.values);
    reports.answer(lastAnswer);
  };
  const worker = commandWorker({
    inbox,
    actuator,
    values: () => values,
    answer,
    ask: () => {
      if (session === undefined) return undefined;
      const { question, sent } = questions.ask(session.link);
      // A question that does not get through is one that is not answered.
      sent.catch(() => {});
      return question;
    },
    isOff: () => session?.off.signal,
    say,
  });

  const lookAgain = async (): Promise<void> => {
    if (session !== undefined) await questions.ask(session.link).sent;
  };
  const askAnew = (): void => {
    if (session === undefined) return;
    const { link, off } = session;
    askUntilAnswered({
      ask: () => questions.ask(link),
      isOutdated: (question) => questions.latest() !== question,
      isOff: off.signal,
      // A connection that breaks is greeted when it is back, and that asks again.
    }).catch(() => {});
  };
  const onDelta = (message: unknown): void => {
    if (inbox.hearsOfNew(message)) askAnew();
  };
  // The question that was asked after the device had reported itself online.
  let checked: string | undefined;
  const check = async (): Promise<void> => {
    if (session === undefined) return;
    const { question, sent } = questions.ask(session.link);
    checked = question.token;
    await sent;
  };
  const onShadow = (message: unknown, token: string | undefined): void => {
    if (token !== undefined && token === checked) {
      checked = undefined;
      // An older connection's last will came late. A report that breaks off is made anew by the next connection.
      if (isOnline && isThere() && saysOffline(message)) reports.report().catch(() => {});
    }
    const { isCurrent, isLate, isOutrun } = questions.noteAnswer(token);
    if ((isOutrun || (isLate && !isOfNow(message))) && inbox.hearsOfNew(wishIn(message))) {
      if (!isOutrun) askAnew();
      return;
    }
    const finding = inbox.readShadow(message, isCurrent);
    if (finding === "order") worker.wake();
    // It acted, and the connection or the process ended before the shadow had the answer.
    if (finding === "answer lost" && lastAnswer !== undefined && actuator.isReady()) {
      reports.answer(lastAnswer);
    }
  };

  const disconnect = async (): Promise<void> => {
    const leaving = session;
    session = undefined;
    isOnline = false;
    inbox.forgetAll();
    leaving?.off.abort();
    await leaving?.link.close(reports.farewell());
  };

  return {
    memory: () => ({ values, ...(lastAnswer === undefined ? {} : { lastAnswer }) }),
    isOnline: () => isOnline,
    commandsReceived: inbox.received,
    connect: async () => {
      const off = new AbortController();
      const link = options.openLink({
        onReady: () => {
          options.onBack();
          isOnline = true;
          hello.onReady();
        },
        onLost: () => {
          hello.onLost();
          options.onLost();
        },
        onDelta,
        onShadow,
        onTrouble: say,
      });
      session = { link, off };
      const hello = greeting({
        ask: () => questions.ask(link),
        report: () =>
          options.isFound === true && inbox.first() !== undefined
            ? reports.reportPresence()
            : reports.report(),
        isHeld: options.isFound === true,
        latest: questions.latest,
        check,
        isOff: off.signal,
      });
      await hello.first;
    },
    disconnect,
    announceOffline: async () => {
      const off = new AbortController();
      const ready = Promise.withResolvers<void>();
      const ignore = (): void => {};
      const link = options.openLink({
        onReady: ready.resolve,
        onLost: ignore,
        onDelta: ignore,
        onShadow: ignore,
        onTrouble: say,
      });
      session = { link, off };
      off.signal.addEventListener("abort", () => ready.resolve(), { once: true });
      await ready.promise;
      await disconnect();
    },
    noteValues,
    report: reports.report,
    lookAgain,
  };
};

// An answer can wait in a connection that stalls; what it wants may be withdrawn by then.
const LONGEST_WAY_SECONDS = 2;

/** Was it made just now? No also where the clock here is wrong: nobody can tell then how long it was under way. */
const isOfNow = (message: unknown): boolean =>
  isObject(message) &&
  typeof message.timestamp === "number" &&
  Math.abs(Date.now() / 1000 - message.timestamp) <= LONGEST_WAY_SECONDS;

/** What a shadow wants, as a delta would tell it. */
const wishIn = (shadow: unknown): Members =>
  isObject(shadow) && isObject(shadow.state)
    ? { state: shadow.state.desired, version: shadow.version }
    : {};

const saysOffline = (shadow: unknown): boolean =>
  isObject(shadow) &&
  isObject(shadow.state) &&
  isObject(shadow.state.reported) &&
  shadow.state.reported.online === false;
