import type { Tolerance } from "./kinds/capability.ts";

/**
 * Is a reported number the wanted one, as far as a device can say and do it? A device that is coarser than its field
 * tolerates is taken at half of its own step.
 */
export const isWithinTolerance = (
  { by, most }: Tolerance,
  wanted: number,
  reported: number,
  step = 0,
): boolean => {
  const apart = Math.abs(wanted - reported);
  if (apart <= step / 2) return true;
  switch (by) {
    case "difference":
      return apart <= most;
    case "circle":
      return Math.min(apart % 360, 360 - (apart % 360)) <= most;
    case "mireds":
      return Math.abs(mireds(wanted) - mireds(reported)) <= most;
  }
};

const mireds = (kelvin: number): number => Math.round(1_000_000 / kelvin);
