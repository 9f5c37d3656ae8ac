import type { Summary } from "./answers.ts";

/** A device of the overview: how often it did as asked. */
export interface Reliability {
  readonly device: string;
  readonly asked: number;
  readonly asAsked: number;
  /** Percent, rounded down: 99.9 % is not all. */
  readonly percent: number;
  readonly lastProblem?: Summary["devices"][number]["last_problem"];
}

/** Devices by how often they did not do as asked, the worst first; those that always did are only counted. */
export const reliability = (
  devices: Summary["devices"],
): { readonly worst: readonly Reliability[]; readonly always: number } => {
  const all = devices.map(
    ({ device, asked, not_confirmed, last_problem }): Reliability => ({
      device,
      asked,
      asAsked: Math.max(0, asked - not_confirmed),
      percent: asked === 0 ? 0 : Math.floor((100 * Math.max(0, asked - not_confirmed)) / asked),
      ...(last_problem === undefined ? {} : { lastProblem: last_problem }),
    }),
  );
  const worst = all
    .filter(({ asked, asAsked }) => asAsked < asked)
    .toSorted(
      (one, other) => one.percent - other.percent || one.device.localeCompare(other.device),
    );
  return { worst, always: all.length - worst.length };
};
