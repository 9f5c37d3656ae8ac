import { type EveningResult, simulateEvening } from "./evening.ts";
import { AUDIT_READ_UNITS_A_SECOND, defaultQuotas } from "./limits.ts";
import type { Measured } from "./measured.ts";
import { runShape } from "./run-shape.ts";
import { WAYS, type Way } from "./ways.ts";

/** How many homes, and in how many seconds they begin. */
export interface Cell {
  readonly homes: number;
  readonly spreadSeconds: number;
}

/** An evening of a cell, run in one way. */
export interface SimulatedCell extends Cell {
  readonly way: Way;
  readonly result: EveningResult;
}

/** What every evening is simulated with. */
export interface Settings {
  readonly measured: Measured;
  readonly runSeconds: number;
  readonly seed: number;
}

const NOBODY_WAITS = WAYS.slice(-2);

/** The cells that the page shows. Beyond 10,000 homes the held ways only queue. */
const CELLS: readonly (Cell & { readonly ways: readonly Way[] })[] = [
  { homes: 100, spreadSeconds: 0, ways: WAYS },
  { homes: 1000, spreadSeconds: 0, ways: WAYS },
  { homes: 1000, spreadSeconds: 60, ways: WAYS },
  { homes: 10_000, spreadSeconds: 60, ways: WAYS },
  { homes: 10_000, spreadSeconds: 300, ways: WAYS },
  { homes: 25_000, spreadSeconds: 300, ways: NOBODY_WAITS },
];

/** Simulates cells with the same settings, each once. */
export class Cells {
  readonly #settings: Settings;
  readonly #known = new Map<string, SimulatedCell>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** A cell's evening in one way. */
  simulate({ homes, spreadSeconds }: Cell, way: Way): SimulatedCell {
    const key = `${homes}/${spreadSeconds}/${way.name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { measured, runSeconds, seed } = this.#settings;
    const shape = runShape(measured, runSeconds);
    const quotas = defaultQuotas(measured);
    const result = simulateEvening({ homes, spreadSeconds, shape, quotas, way, seed });
    const cell = { homes, spreadSeconds, way, result };
    this.#known.set(key, cell);
    return cell;
  }
}

/** The evenings that the page shows. */
export const shownCells = (cells: Cells): readonly SimulatedCell[] =>
  CELLS.flatMap((cell) => cell.ways.map((way) => cells.simulate(cell, way)));

const SIZES = [50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000];
const SPREADS = [0, 60, 300];
const GOOD_DELAY_SECONDS = 5;

/**
 * Nothing is lost, nothing given up, nineteen of twenty homes begin within five seconds, and the audit is not read more
 * than a new table allows.
 */
export const isBorne = (result: EveningResult): boolean =>
  result.hurt === 0 &&
  result.givenUp === 0 &&
  result.delaySeconds.p95 <= GOOD_DELAY_SECONDS &&
  result.auditReadUnitsPeak <= AUDIT_READ_UNITS_A_SECOND;

/** How many homes a cell bears in a way, by spread: the largest of some round sizes. */
export interface Borne {
  readonly way: Way;
  readonly homes: readonly { readonly spreadSeconds: number; readonly homes: number }[];
}

/** The largest cells that each way bears. */
export const cellsBorne = (cells: Cells): readonly Borne[] =>
  WAYS.map((way) => ({
    way,
    homes: SPREADS.map((spreadSeconds) => ({
      spreadSeconds,
      homes: largestBorne(cells, spreadSeconds, way),
    })),
  }));

const largestBorne = (cells: Cells, spreadSeconds: number, way: Way): number => {
  let largest = 0;
  for (const homes of SIZES) {
    if (!isBorne(cells.simulate({ homes, spreadSeconds }, way).result)) break;
    largest = homes;
  }
  return largest;
};
