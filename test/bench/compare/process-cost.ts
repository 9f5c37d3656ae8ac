// https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, https://man7.org/linux/man-pages/man5/proc_pid_smaps.5.html
import { readdirSync, readFileSync } from "node:fs";

/** What a house has used since it started, and what it holds. */
export interface HouseCost {
  readonly houseCpuMs: number;
  /** Of all function processes together, those that are gone included. */
  readonly functionsCpuMs: number;
  readonly processes: number;
  /** Proportional set size of all of them. */
  readonly pssMb: number;
  /** Of the house's own process. */
  readonly housePssMb: number;
}

// Linux counts in hundredths of a second, whatever its kernel's own ticks are.
const MS_PER_TICK = 10;

interface Stat {
  readonly parent: number;
  readonly ownMs: number;
  /** Of the children that it has waited for. */
  readonly goneMs: number;
}

/** Reads what the house of a process and the functions' processes below it have cost. */
export const costOfHouse = (pid: number): HouseCost => {
  const children = childrenOf(pid);
  const house = readStat(pid);
  if (house === undefined) throw new Error(`The house ${pid} is gone`);
  const housePssMb = pssMbOf(pid);
  return {
    houseCpuMs: house.ownMs,
    functionsCpuMs: children.reduce((sum, { stat }) => sum + stat.ownMs, house.goneMs),
    processes: children.length + 1,
    pssMb: children.reduce((sum, child) => sum + pssMbOf(child.pid), housePssMb),
    housePssMb,
  };
};

/** The CPU time of one process, in milliseconds. */
export const cpuMsOf = (pid: number): number => readStat(pid)?.ownMs ?? 0;

const childrenOf = (pid: number): readonly { readonly pid: number; readonly stat: Stat }[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readStat(Number(name));
      return stat?.parent === pid ? [{ pid: Number(name), stat }] : [];
    });

const readStat = (pid: number): Stat | undefined => {
  const text = readIfThere(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name, in brackets, may hold anything; behind it the fields begin with the third.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = (field: number): number => Number(fields[field - 3]);
  return {
    parent: ticks(4),
    ownMs: (ticks(14) + ticks(15)) * MS_PER_TICK,
    goneMs: (ticks(16) + ticks(17)) * MS_PER_TICK,
  };
};

const pssMbOf = (pid: number): number => {
  const text = readIfThere(`/proc/${pid}/smaps_rollup`) ?? "";
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) / 1024;
};

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // A process that ended meanwhile costs nothing more.
    return undefined;
  }
};
