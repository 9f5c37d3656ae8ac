import type { ListedEnd, ListedRun } from "#domain/audit/listed-run.ts";
import { counted } from "#domain/counted.ts";
import { spelt } from "#domain/printable.ts";

/** A run of the list; of one without an outcome, how many acknowledgements are on record. */
export interface SettledRun extends ListedRun {
  readonly acknowledged?: number;
}

const IN_WORDS: Readonly<Record<ListedEnd, string>> = {
  done: "done",
  partly_done: "partly_done",
  stopped: "stopped",
  failed: "failed",
  running: "still running",
  cut_off: "cut off",
};

/** Runs in one line each, and a last line with how many ended how. */
export const runListLines = (runs: readonly SettledRun[]): readonly string[] => {
  const numbers = new Map<ListedEnd, number>();
  for (const { end } of runs) numbers.set(end, (numbers.get(end) ?? 0) + 1);
  const ends = [...numbers].map(([end, number]) => `${number} ${IN_WORDS[end]}`).join(", ");
  return [...runs.map(runLine), `${counted(runs.length, "run")}: ${ends}`];
};

const runLine = (run: SettledRun): string => {
  const { devices = 0, confirmed = 0, acknowledged } = run;
  const how =
    acknowledged === undefined
      ? `${confirmed} of ${counted(devices, "device")} confirmed`
      : counted(acknowledged, "acknowledgement");
  return spelt(
    `${run.requestedAt}  ${run.run}  ${run.scene}  ${IN_WORDS[run.end]}, ${how}  by ${personOf(run)}`,
  );
};

/** Who asked for a run: by name, or the machine's id. */
export const personOf = ({ caller, request }: SettledRun): string =>
  request === undefined
    ? "somebody whose request is no longer recorded"
    : (caller?.username ?? caller?.clientId ?? "nobody that was recorded");

/** A run's request as it is, with how the run ended. */
export const runJson = ({ request, run, scene, requestedAt, end, ...more }: SettledRun): object => {
  const { devices, confirmed, acknowledged, finishedAt } = more;
  return {
    ...(request ?? { run, scene, requestedAt }),
    end: IN_WORDS[end],
    ...(devices === undefined ? {} : { devices }),
    ...(confirmed === undefined ? {} : { confirmed }),
    ...(acknowledged === undefined ? {} : { acknowledged }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
};

/** The columns of the list as CSV. */
export const RUN_COLUMNS = [
  "requested_at",
  "run",
  "scene",
  "end",
  "devices",
  "confirmed",
  "acknowledged",
  "person",
  "sub",
  "client",
  "reason",
  "finished_at",
] as const;

/** A run's cells, in that order. */
export const runCells = (run: SettledRun): readonly (string | number | undefined)[] => [
  run.requestedAt,
  run.run,
  run.scene,
  IN_WORDS[run.end],
  run.devices,
  run.confirmed,
  run.acknowledged,
  run.caller?.username,
  run.caller?.sub,
  run.caller?.clientId,
  run.reason,
  run.finishedAt,
];
