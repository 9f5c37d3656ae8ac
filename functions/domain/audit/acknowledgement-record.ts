import { requireFormat } from "#domain/format.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import type { Acknowledgement, Answer } from "#domain/run/acknowledgement.ts";
import { parseCommandEcho } from "#domain/run/command.ts";

/**
 * Reads an item that the IoT rule wrote.
 * @throws HomeError `FormatUnknown`; `RecordInvalid`, naming the member.
 */
export const parseAcknowledgement = (item: unknown): Acknowledgement => {
  const wrong = (what: string, cause?: unknown): HomeError =>
    new HomeError("RecordInvalid", `Acknowledgement record: ${what}`, { cause });
  if (!isObject(item)) throw wrong("it must be an object.");
  requireFormat(item, `Acknowledgement record ${String(item.PK)} ${String(item.SK)}`);
  const { thing, command, before, after, askedAt, acknowledgedAt } = item;
  if (typeof thing !== "string") throw wrong("thing must be a text.");
  if (!isObject(after)) throw wrong("after must be an object.");
  if (typeof acknowledgedAt !== "number") throw wrong("acknowledgedAt must be a number.");
  return {
    thing,
    echo: readAnswer(command, wrong),
    ...(isObject(before) ? { before } : {}),
    after,
    ...(typeof askedAt === "number" ? { askedAtMs: askedAt * 1000 } : {}),
    acknowledgedAtMs: acknowledgedAt,
  };
};

// A device that breaks the contract has answered all the same: its command counts as refused, not as unanswered.
const readAnswer = (
  command: unknown,
  wrong: (what: string, cause?: unknown) => HomeError,
): Answer => {
  try {
    return parseCommandEcho(command);
  } catch (cause) {
    if (isObject(command) && typeof command.id === "string") {
      return { id: command.id, status: "FAILED", reason: "ECHO_INVALID" };
    }
    throw wrong("command is not a command's echo.", cause);
  }
};

/**
 * Reads what the IoT rule wrote about a run, in the order in which the devices reported: what a device reported first
 * for a command is its answer, whatever it reports again. Keys sort versions as texts, so they are ordered here.
 * A record that cannot be read is left out: devices write these records,
 * and one of them must not keep the others from being heard. Its format is the rule's word and not the device's: taken
 * for nothing, an answer of another format would be a device that kept silent.
 * @throws HomeError `FormatUnknown`
 */
export const parseAcknowledgements = (items: readonly unknown[]): readonly Acknowledgement[] =>
  items.toSorted(byReport).flatMap((item) => {
    try {
      return [parseAcknowledgement(item)];
    } catch (error) {
      if (error instanceof HomeError && error.code !== "FormatUnknown") return [];
      throw error;
    }
  });

// Of a thing by the shadow's version; a message that was delivered twice has two records of one version.
const byReport = (one: unknown, other: unknown): number =>
  numberIn(one, "version") - numberIn(other, "version") ||
  numberIn(one, "recordedAt") - numberIn(other, "recordedAt");

const numberIn = (item: unknown, member: string): number =>
  isObject(item) && typeof item[member] === "number" ? item[member] : 0;
