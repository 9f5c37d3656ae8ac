import type { DeviceKind } from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";
import { type CommandHeader, parseCommandHeader } from "#domain/run/command.ts";
import { commandable, type DeviceValues } from "./device-values.ts";

type Members = Readonly<Record<string, unknown>>;

/** A command that waits for its turn, or is being carried out. */
export interface Order {
  readonly id: string;
  /** Every member of `desired.command`, as it must be echoed to close the delta. */
  readonly command: Members;
  /** The same, read; absent when a member is missing or of the wrong type. */
  readonly header?: CommandHeader;
  /** The whole wanted state by capability: a delta's differences over what was reported when it was computed. */
  readonly wanted: Members;
  /** Nobody can tell yet what the delta was compared with; the whole shadow will tell. */
  readonly isGuess: boolean;
}

/** What a device's shadow was found to need of the device. */
export type ShadowFinding = "nothing" | "order" | "answer lost";

/** The commands of one device, in order, each once, put together again from what a shadow sends. */
export interface CommandInbox {
  /**
   * Reads a delta. `incomplete` when its command cannot be understood without the whole shadow: a member is missing, or
   * (`isSettled` false) a report is on its way, and nobody can tell whether the delta was computed before or after it.
   * Then it is an order too, but a guess.
   */
  readDelta(message: unknown, isSettled: boolean): "nothing" | "order" | "incomplete";
  /**
   * Reads a shadow (`undefined`: there is none yet). `isCurrent` says that every answer sent before is in it, so that
   * it can tell which answers were lost. Wants it nothing any more, then what waits was withdrawn.
   */
  readShadow(message: unknown, isCurrent: boolean): ShadowFinding;
  /** The command whose turn it is. */
  first(): Order | undefined;
  /** The latest reading of a command that has not been answered. */
  order(id: string): Order | undefined;
  /** Takes a command off without an answer; the shadow may offer it again. */
  forget(id: string): void;
  forgetAll(): void;
  /** The device now reports these values. */
  noteReport(values: DeviceValues): void;
  /** The device has answered a command with this echo. */
  noteAnswer(id: string, echo: Members): void;
  /** Ids of the commands that arrived, each once, oldest first; the last 1000. */
  received(): readonly string[];
}

// Redeliveries come within seconds; what is older is known from the shadow itself.
const REMEMBERED = 1000;

/** Creates the inbox of a device that has answered `lastAnswer` in an earlier life. */
export const createCommandInbox = (
  kind: DeviceKind,
  firstReport: DeviceValues,
  lastAnswer?: Members,
): CommandInbox => {
  const waiting = new Map<string, Order>();
  const answered = new Set<string>();
  const received = new Set<string>();
  let reported = commandable(kind, firstReport);
  let reportedCommand = withoutResult(lastAnswer);
  let lastAnswerId = idOf(lastAnswer);
  let version = 0;
  if (lastAnswerId !== undefined) answered.add(lastAnswerId);

  // A delta holds only what differs from the reported state of its moment: a stage or a fade that is equal to the
  // last echo's, or a lock that is already locked, is left out. What it leaves out is therefore what was reported.
  // Taken now and not when the command's turn comes: a command before it may change what is reported. If that
  // happens, the shadow sends a delta of the same id again, and the newer reading replaces this one.
  const understand = (
    id: string,
    command: Members,
    differences: Members,
    isGuess: boolean,
  ): Order => {
    const values = differences[kind];
    const isWhole = values === undefined || isObject(values);
    const header = readHeader(command);
    return {
      id,
      command,
      ...(header === undefined ? {} : { header }),
      wanted: isWhole ? { ...differences, [kind]: { ...reported, ...values } } : differences,
      isGuess,
    };
  };

  return {
    readDelta: (message, isSettled) => {
      if (!isObject(message) || !isObject(message.state)) return "nothing";
      // Messages may overtake each other: an older delta is of a wish that has been replaced.
      const at = versionOf(message);
      if (at < version) return "nothing";
      if (at !== Number.POSITIVE_INFINITY) version = at;
      const { command, ...differences } = message.state;
      const id = idOf(command);
      if (id === undefined || !isObject(command) || answered.has(id)) return "nothing";
      remember(received, id);
      const order = understand(id, { ...reportedCommand, ...command }, differences, !isSettled);
      if (order.header === undefined) return "incomplete";
      // A guess does not replace what is known.
      if (isSettled || waiting.get(id)?.isGuess !== false) waiting.set(id, order);
      return isSettled ? "order" : "incomplete";
    },
    readShadow: (message, isCurrent) => {
      const shadow = isObject(message) ? message : {};
      const { desired, reported: stored, delta } = isObject(shadow.state) ? shadow.state : {};
      const echoed = isObject(stored) && isObject(stored.command) ? stored.command : undefined;
      const at = versionOf(shadow);
      const isNewest = isObject(message) && at >= version;
      if (isCurrent) {
        version = at === Number.POSITIVE_INFINITY ? 0 : at;
        reportedCommand = withoutResult(echoed);
      } else if (at < version) return "nothing";
      const command = isObject(desired) ? desired.command : undefined;
      if (isNewest && command === undefined) waiting.clear();
      const id = idOf(command);
      if (id === undefined || !isObject(command) || !isObject(desired)) return "nothing";
      if (idOf(echoed) === id) {
        remember(answered, id);
        return "nothing";
      }
      if (answered.has(id)) return isCurrent && id === lastAnswerId ? "answer lost" : "nothing";
      const { command: _, ...others } = isObject(delta) ? delta : {};
      remember(received, id);
      waiting.set(id, understand(id, command, { ...others, ...pick(desired, kind) }, false));
      return "order";
    },
    first: () => waiting.values().next().value,
    order: (id) => waiting.get(id),
    forget: (id) => {
      waiting.delete(id);
    },
    forgetAll: () => waiting.clear(),
    noteReport: (values) => {
      reported = commandable(kind, values);
    },
    noteAnswer: (id, echo) => {
      waiting.delete(id);
      remember(answered, id);
      lastAnswerId = id;
      reportedCommand = withoutResult(echo);
    },
    received: () => [...received],
  };
};

const readHeader = (command: Members): CommandHeader | undefined => {
  try {
    return parseCommandHeader(command);
  } catch {
    return undefined;
  }
};

const idOf = (command: unknown): string | undefined =>
  isObject(command) && typeof command.id === "string" && command.id !== "" ? command.id : undefined;

/** A message without a version is never old. */
const versionOf = (message: Members): number =>
  typeof message.version === "number" ? message.version : Number.POSITIVE_INFINITY;

const withoutResult = (echo: Members | undefined): Members => {
  const { status: _, reason: __, ...command } = echo ?? {};
  return command;
};

const pick = (members: Members, name: string): Members =>
  Object.hasOwn(members, name) ? { [name]: members[name] } : {};

const remember = (ids: Set<string>, id: string): void => {
  ids.add(id);
  const [oldest] = ids;
  if (ids.size > REMEMBERED && oldest !== undefined) ids.delete(oldest);
};
