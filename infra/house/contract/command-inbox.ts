import type { DeviceKind } from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";
import { type CommandHeader, parseCommandHeader } from "#domain/run/command.ts";

type Members = Readonly<Record<string, unknown>>;

/** A command that waits for its turn, or is being carried out. */
export interface Order {
  readonly id: string;
  /** Every member of `desired.command`, as it must be echoed to close the delta. */
  readonly command: Members;
  /** The same, read; absent when a member is missing or of the wrong type. */
  readonly header?: CommandHeader;
  /** What is asked, by capability, as `desired` has it: never filled up with what is reported. */
  readonly wanted: Members;
}

/** What a device's shadow was found to need of the device. */
export type ShadowFinding = "nothing" | "order" | "answer lost";

/** The commands of one device, in order, each once, as its whole shadow tells them. */
export interface CommandInbox {
  /**
   * Hears a delta, which leaves out all that is reported already: it tells that something is wanted, and never what.
   * True: the whole shadow has something new.
   */
  hearsOfNew(message: unknown): boolean;
  /**
   * Reads a shadow (`undefined`: there is none yet). `isCurrent` says that every answer sent before is in it, so that
   * it can tell which answers were lost. Wants it nothing any more, then what waits was withdrawn.
   */
  readShadow(message: unknown, isCurrent: boolean): ShadowFinding;
  /** The command whose turn it is. */
  first(): Order | undefined;
  /** The newest command: one before it has lost its place to it. */
  newest(): Order | undefined;
  /** Takes a command off without an answer; the shadow may offer it again. */
  forget(id: string): void;
  forgetAll(): void;
  /** The device has answered a command. */
  noteAnswer(id: string): void;
  /** Ids of the commands that arrived, each once, oldest first; the last 1000. */
  received(): readonly string[];
}

// Redeliveries come within seconds; what is older is known from the shadow itself.
const REMEMBERED = 1000;

/** Creates the inbox of a device that has answered `lastAnswer` in an earlier life. */
export const createCommandInbox = (kind: DeviceKind, lastAnswer?: Members): CommandInbox => {
  const waiting = new Map<string, Order>();
  const answered = new Set<string>();
  const received = new Set<string>();
  let lastAnswerId = idOf(lastAnswer);
  let version = 0;
  if (lastAnswerId !== undefined) answered.add(lastAnswerId);

  return {
    hearsOfNew: (message) => {
      if (!isObject(message) || !isObject(message.state)) return false;
      // Messages may overtake each other: an older delta is of a wish that has been replaced.
      if (versionOf(message) < version) return false;
      const id = idOf(message.state.command);
      return id !== undefined && !answered.has(id) && !waiting.has(id);
    },
    readShadow: (message, isCurrent) => {
      const shadow = isObject(message) ? message : {};
      const { desired, reported, delta } = isObject(shadow.state) ? shadow.state : {};
      const echoed = isObject(reported) && isObject(reported.command) ? reported.command : {};
      const at = versionOf(shadow);
      const isNewest = isObject(message) && at >= version;
      if (isCurrent) version = at === Number.POSITIVE_INFINITY ? 0 : at;
      else if (at < version) return "nothing";
      else if (at !== Number.POSITIVE_INFINITY) version = at;
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
      const header = readHeader(command);
      remember(received, id);
      waiting.set(id, {
        id,
        command,
        ...(header === undefined ? {} : { header }),
        wanted: { ...others, ...pick(desired, kind) },
      });
      return "order";
    },
    first: () => waiting.values().next().value,
    newest: () => [...waiting.values()].at(-1),
    forget: (id) => {
      waiting.delete(id);
    },
    forgetAll: () => waiting.clear(),
    noteAnswer: (id) => {
      waiting.delete(id);
      remember(answered, id);
      lastAnswerId = id;
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

const pick = (members: Members, name: string): Members =>
  Object.hasOwn(members, name) ? { [name]: members[name] } : {};

const remember = (ids: Set<string>, id: string): void => {
  ids.add(id);
  const [oldest] = ids;
  if (ids.size > REMEMBERED && oldest !== undefined) ids.delete(oldest);
};
