import { counted } from "#domain/counted.ts";
import type { Item } from "./audit-reader.ts";
import type { EndedRun } from "./run-ends.ts";

const time = (value: unknown): string =>
  typeof value === "number" ? new Date(value).toISOString().slice(11, 23) : "-";
const json = (value: unknown): string => (value === undefined ? "-" : JSON.stringify(value));

/** Runs in one line each, with how they ended, and a last line with how many ended how. */
export const endedRunLines = (runs: readonly EndedRun[]): readonly string[] => {
  const numbers = new Map<string, number>();
  for (const { end } of runs) numbers.set(end, (numbers.get(end) ?? 0) + 1);
  const ends = [...numbers].map(([end, number]) => `${number} ${end}`).join(", ");
  return [...runs.map(endedRunLine), `${counted(runs.length, "run")}: ${ends}`];
};

const endedRunLine = ({ request, end, ...counts }: EndedRun): string => {
  const { devices = 0, confirmed = 0, acknowledged } = counts;
  const how =
    acknowledged === undefined
      ? `${confirmed} of ${counted(devices, "device")} confirmed`
      : counted(acknowledged, "acknowledgement");
  return `${String(request.requestedAt)}  ${String(request.run)}  ${String(request.scene)}  ${end}, ${how}  by ${callerOf(request)}`;
};

/** An acknowledgement in one line. */
export const acknowledgementLine = (item: Item): string => {
  const command = (item.command ?? {}) as Item;
  const why =
    item.change === "reported"
      ? "without a command"
      : `${String(command.run)}  ${String(command.status)}`;
  return `${new Date(Number(item.acknowledgedAt)).toISOString()}  ${why}  before ${json(item.before)}  after ${json(item.after)}`;
};

/** A look at the home in one line: when, who, why, at what. */
export const visitLine = (item: Item): string =>
  `${String(item.at)}  ${String(item.username ?? item.clientId)} (${String(item.role)})  ${String(item.tool)}${item.subject === undefined ? "" : ` ${json(item.subject)}`}  ${item.reason === undefined ? "no reason given" : json(item.reason)}`;

const callerOf = (item: Item): string => {
  const caller = item.caller as Item;
  return String(caller.username ?? caller.clientId);
};

/**
 * A run device by device: asked, before, after, and both times. Of a run without an outcome, because it goes on or was
 * cut off, what each device acknowledged so far.
 */
export const runLines = (records: readonly Item[]): readonly string[] => {
  const request = records.find((item) => item.SK === "RUN") ?? {};
  const outcome = records.find((item) => item.SK === "OUTCOME");
  const devices = (outcome?.devices ?? []) as readonly Item[];
  const acknowledgements = records
    .filter((item) => String(item.SK).startsWith("ACK#"))
    .toSorted((one, other) => Number(one.acknowledgedAt) - Number(other.acknowledgedAt));
  return [
    `${String(request.run)}  ${String(request.scene)}  requested ${String(request.requestedAt)} by ${callerOf(request)}`,
    `reason: ${String(request.reason ?? "none given")}   plan: ${String(request.planHash)}`,
    ...(outcome === undefined
      ? [
          `not concluded; ${counted(acknowledgements.length, "acknowledgement")} so far`,
          ...acknowledgements.map((item) => `${String(item.thing)}: ${acknowledgementLine(item)}`),
        ]
      : [`${String(outcome.result)}: ${String(outcome.say)}`]),
    ...devices.flatMap((device) => [
      "",
      `${String(device.name)} (${String(device.stageName)}): ${String(device.outcome)}${device.reason === undefined ? "" : ` ${String(device.reason)}`}`,
      `  asked   ${time(device.askedAtMs)}  ${json(device.asked)}`,
      `  before                ${json(device.before)}`,
      `  after   ${time(device.acknowledgedAtMs)}  ${json(device.after)}`,
      ...acknowledgements
        .filter((item) => String(item.thing).endsWith(`-${String(device.device)}`))
        .slice(1)
        .map((item) => `  again   ${time(item.acknowledgedAt)}  ${json(item.after)}`),
    ]),
  ];
};
