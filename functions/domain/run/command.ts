import { exactly, type ReportedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject, type Json } from "#domain/json.ts";
import type { PlannedCommand } from "./plan.ts";

/** What travels with the wanted state, and what a device echoes whole. */
export interface CommandHeader {
  /** `<run>.<stage>`: new for each run and stage, so that a delta is published even when nothing else differs. */
  readonly id: string;
  readonly run: string;
  readonly stage: number;
  /** Epoch seconds after which a device refuses the command. */
  readonly expiresAt: number;
  /** Epoch seconds until which the run waits for an answer; none where whoever sent it did not say. */
  readonly answerBy?: number;
  readonly transitionSeconds: number;
}

/** How a device says it fared; the words of AWS IoT Commands. */
export type CommandStatus = "SUCCEEDED" | "FAILED" | "REJECTED";

/** A command echoed by a device: every member as it came, and how it went. */
export interface CommandEcho extends CommandHeader {
  readonly status: CommandStatus;
  /** Upper-case words such as EXPIRED or JAMMED; null on success. */
  readonly reason: string | null;
}

/** Room for clocks that differ: a command is refused this long after its window, never earlier. */
export const CLOCK_ALLOWANCE_SECONDS = 30;

/** The id that a run's command to a device carries in a stage. */
export const commandId = (run: string, stage: number): string => `${run}.${stage}`;

/** The command of one stage to one device, sent at `nowMs`; `expiresSeconds` makes it void sooner, never later. */
export const commandHeader = (
  run: string,
  stage: number,
  command: Pick<PlannedCommand, "windowSeconds" | "transitionSeconds">,
  nowMs: number,
  expiresSeconds = Number.POSITIVE_INFINITY,
): CommandHeader => ({
  id: commandId(run, stage),
  run,
  stage,
  expiresAt: Math.min(
    Math.ceil(nowMs / 1000 + command.windowSeconds) + CLOCK_ALLOWANCE_SECONDS,
    Math.ceil(nowMs / 1000 + expiresSeconds),
  ),
  answerBy: (nowMs + Math.min(command.windowSeconds, expiresSeconds) * 1000) / 1000,
  transitionSeconds: command.transitionSeconds,
});

/** Until when an answer to a command is useful, epoch milliseconds. */
export const answerByMs = ({
  answerBy,
  expiresAt,
}: Pick<CommandHeader, "answerBy" | "expiresAt">): number =>
  (answerBy ?? expiresAt - CLOCK_ALLOWANCE_SECONDS) * 1000;

/** Is this the form of a command id, so that it can be quoted: whoever may write a shadow could put any text there. */
export const isCommandId = (text: string): boolean =>
  /^run_[0-9a-hjkmnp-tv-z]{20}\.\d{1,2}$/.test(text);

/** The shadow update that asks a device for a state, and for nothing that an older wish left behind. `clientToken` holds at most 64 bytes; a command id has under 40. */
export const commandDocument = (want: PlannedCommand["want"], header: CommandHeader): Json =>
  ({
    state: { desired: { ...exactly(want), command: { ...header } } },
    clientToken: header.id,
  }) as unknown as Json;

/**
 * The shadow update that takes a wish back: the capability and the command are removed from `desired`, so that no
 * delta is left to fire later. `version` makes it void if anybody wrote in between.
 */
export const withdrawalDocument = (
  command: Pick<PlannedCommand, "kind">,
  id: string,
  version: number,
): Json => ({
  state: { desired: { [command.kind]: null, command: null } },
  version,
  clientToken: `${id}.w`,
});

/**
 * Does a wish differ from what its device answered, so that a delta would stand for ever? It does where the device
 * refused, and where it did the wish as exactly as it can and no more.
 */
export const leavesDelta = (want: PlannedCommand["want"], after: ReportedState): boolean =>
  Object.entries(want).some(([kind, values]) => {
    const has = after[kind];
    return Object.entries(values as Readonly<Record<string, unknown>>).some(
      ([name, value]) => !isObject(has) || has[name] !== value,
    );
  });

/**
 * Reads the command out of a delta's or a shadow's `command`.
 * @throws HomeError `CommandInvalid`, naming the member.
 */
export const parseCommandHeader = (value: unknown): CommandHeader => {
  if (!isObject(value)) throw new HomeError("CommandInvalid", "command must be an object.");
  const { id, run, stage, expiresAt, answerBy, transitionSeconds } = value;
  const wrong = (member: string): HomeError =>
    new HomeError("CommandInvalid", `command.${member} is missing or of the wrong type.`);
  if (typeof id !== "string" || id === "") throw wrong("id");
  if (typeof run !== "string" || run === "") throw wrong("run");
  if (typeof stage !== "number" || !Number.isInteger(stage)) throw wrong("stage");
  if (typeof expiresAt !== "number") throw wrong("expiresAt");
  if (answerBy !== undefined && typeof answerBy !== "number") throw wrong("answerBy");
  if (typeof transitionSeconds !== "number") throw wrong("transitionSeconds");
  return {
    id,
    run,
    stage,
    expiresAt,
    ...(answerBy === undefined ? {} : { answerBy }),
    transitionSeconds,
  };
};

const STATUSES: readonly unknown[] = ["SUCCEEDED", "FAILED", "REJECTED"] satisfies CommandStatus[];

const isStatus = (value: unknown): value is CommandStatus => STATUSES.includes(value);

// Reason codes of AWS IoT Commands (https://docs.aws.amazon.com/iot/latest/apireference/API_StatusReason.html).
// A device's reason is repeated to people and models, so that it must be a word and no more.
const isReason = (value: unknown): value is string =>
  typeof value === "string" && /^[A-Z0-9_-]{1,64}$/.test(value);

/**
 * Reads a device's echo of a command; a reason that is not a word is left out.
 * @throws HomeError `CommandInvalid`, naming the member.
 */
export const parseCommandEcho = (value: unknown): CommandEcho => {
  const header = parseCommandHeader(value);
  const { status, reason } = value as Readonly<Record<string, unknown>>;
  if (!isStatus(status)) {
    throw new HomeError("CommandInvalid", "command.status must be SUCCEEDED, FAILED or REJECTED.");
  }
  return { ...header, status, reason: isReason(reason) ? reason : null };
};
