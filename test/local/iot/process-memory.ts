import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

/** Resident memory of a process in MB, where the system tells. */
export const residentMegabytes = ({ pid }: ChildProcess): number | undefined => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return undefined;
  }
};

/** The same as a person reads it. */
export const megabytes = (value: number | undefined): string =>
  value === undefined ? "?" : `${value.toFixed(0)} MB`;
