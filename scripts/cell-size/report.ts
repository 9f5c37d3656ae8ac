import { Cells, cellsBorne, type Settings, type SimulatedCell, shownCells } from "./cell-sizes.ts";
import { AUDIT_READ_UNITS_A_SECOND, inboundPublishes, shadowOperations } from "./limits.ts";
import { type Column, grouped, markdownTable } from "./markdown-table.ts";
import type { Measured, MeasuredRun } from "./measured.ts";
import { costAsItIs, costAsProposed } from "./monthly-cost.ts";
import { PRICES, type Price } from "./prices.ts";
import { slotSeconds } from "./run-shape.ts";
import { canaryCost, monthlyLines } from "./standing-cost.ts";
import { whatBreaksFirst, whatHomesUse } from "./what-breaks-first.ts";

/** A heading of the page, and the table that stands under it. */
export interface Section {
  readonly heading: string;
  readonly table: string;
}

/** Everything that the page shows, computed. */
export const report = (settings: Settings): readonly Section[] => {
  const { measured } = settings;
  const cells = new Cells(settings);
  return [
    { heading: "How many homes a cell bears", table: borneTable(cells) },
    { heading: "22:00, simulated", table: cellsTable(shownCells(cells)) },
    { heading: "What breaks first", table: limitsTable(measured) },
    { heading: "What has nothing to do with 22:00", table: homesTable(measured) },
    { heading: "What it costs", table: costTable(measured) },
    { heading: "What a month costs", table: monthTable(measured) },
    { heading: "One goodnight, measured", table: measuredTable(measured) },
    { heading: "Prices", table: pricesTable() },
  ];
};

const borneTable = (cells: Cells): string => {
  const ways = cellsBorne(cells);
  const spreads = ways[0]?.homes.map(({ spreadSeconds }) => spreadSeconds) ?? [];
  return markdownTable(
    ["way", ...spreads.map((spread): Column => ({ number: spreadText(spread) }))],
    ways.map(({ way, homes }) => [way.name, ...homes.map((one) => grouped(one.homes))]),
  );
};

const spreadText = (seconds: number): string =>
  seconds === 0 ? "all at once" : `within ${seconds} s`;

const COLUMNS: readonly Column[] = [
  { number: "homes" },
  "begin",
  "way",
  { number: "late: p50" },
  { number: "p95" },
  { number: "most" },
  { number: "Lambda" },
  { number: "runs hurt" },
  { number: "of these broken off" },
  { number: "refusals a home" },
  { number: "given up" },
  { number: "shadow op/s" },
  { number: "audit RRU/s" },
];

/** What evenings came to, a line each. */
export const cellsTable = (cells: readonly SimulatedCell[]): string =>
  markdownTable(
    COLUMNS,
    cells.map(({ homes, spreadSeconds, way, result }) => [
      grouped(homes),
      spreadText(spreadSeconds),
      way.name,
      `${grouped(result.delaySeconds.p50, 1)} s`,
      `${grouped(result.delaySeconds.p95, 1)} s`,
      `${grouped(result.delaySeconds.max, 1)} s`,
      grouped(result.lambdaPeak),
      share(result.hurt, homes),
      share(result.brokenOff, homes),
      grouped(result.refusals / homes, 1),
      share(result.givenUp, homes),
      grouped(result.shadowOperationsPeak),
      `${grouped(result.auditReadUnitsPeak)}${result.auditReadUnitsPeak > AUDIT_READ_UNITS_A_SECOND ? " !" : ""}`,
    ]),
  );

const share = (part: number, whole: number): string =>
  part === 0 ? "0" : `${grouped((100 * part) / whole, 1)} %`;

const significant = (value: number): string =>
  value >= 100 ? grouped(value) : grouped(value, value >= 10 ? 1 : 2);

const limitsTable = (measured: Measured): string =>
  markdownTable(
    [
      "limit",
      { number: "quota" },
      { number: "a run uses" },
      { number: "runs/s" },
      { number: "homes in one minute" },
      "can be raised",
      "known",
      "source",
    ],
    whatBreaksFirst(measured).map(({ limit, aRunUses, runsPerSecond, homesInOneMinute }) => [
      limit.name,
      `${grouped(limit.value)} ${limit.per === "at once" ? "at once" : `a ${limit.per}`}`,
      limit.per === "at once" ? `${grouped(aRunUses, 1)} s` : grouped(aRunUses),
      significant(runsPerSecond),
      grouped(homesInOneMinute),
      limit.isAdjustable ? "yes" : "no",
      limit.basis,
      link(limit.source),
    ]),
  );

const homesTable = (measured: Measured): string =>
  markdownTable(
    ["limit", { number: "quota" }, { number: "a home has" }, "reaches to", "known", "source"],
    whatHomesUse(measured).map(({ limit, homes, secondsFor10000 = 0 }) => [
      limit.name,
      `${grouped(limit.value)} ${limit.per === "at once" ? "at once" : `a ${limit.per}`}`,
      `${limit.perHome} ${limit.what}`,
      homes === undefined
        ? `10,000 homes take ${grouped(secondsFor10000)} s`
        : `${grouped(homes)} homes`,
      limit.basis,
      link(limit.source),
    ]),
  );

const costTable = (measured: Measured): string => {
  const now = costAsItIs(measured);
  const proposed = costAsProposed(measured);
  const fleet = (homes: number): readonly string[] => [
    `**${grouped(homes)} homes, ${grouped(2 * homes)} people**`,
    `$${grouped(now.total(homes))}`,
    `$${grouped(proposed.total(homes))}`,
  ];
  return markdownTable(
    ["a month", { number: "waited for" }, { number: "asynchronous, lazy" }],
    [
      ...Object.entries(now.lines).map(([name, dollars]) => [
        name,
        `$${grouped(dollars, 4)}`,
        `$${grouped(proposed.lines[name] ?? 0, 4)}`,
      ]),
      ["**a home**", `$${grouped(now.perHome, 3)}`, `$${grouped(proposed.perHome, 3)}`],
      ...[100, 10_000, 100_000].map(fleet),
    ],
  );
};

const STACKS = [1, 100, 10_000] as const;

const monthTable = (measured: Measured): string => {
  const lines = monthlyLines(measured);
  const row = (what: string, dollarsOf: (homes: number) => number): readonly string[] => [
    what,
    ...STACKS.map((homes) => `$${grouped(dollarsOf(homes), 2)}`),
  ];
  return markdownTable(
    [
      "a month",
      ...STACKS.map(
        (homes): Column => ({ number: `${grouped(homes)} ${homes === 1 ? "home" : "homes"}` }),
      ),
    ],
    [
      ...lines.map(({ what, dollars }) => row(what, dollars)),
      row("**all of it**", (homes) => lines.reduce((sum, { dollars }) => sum + dollars(homes), 0)),
      row("the canary, where it is asked for", () => canaryCost(measured)),
    ],
  );
};

const measuredTable = ({ quick, slow }: Measured): string => {
  const rows: readonly (readonly [string, (run: MeasuredRun) => string])[] = [
    ["from the call to its answer", (run) => `${grouped(run.seconds, 1)} s`],
    ["functions called", (run) => grouped(run.invocations.length)],
    ["seconds of functions that run", (run) => `${grouped(slotSeconds(run), 1)} s`],
    ["states entered", (run) => grouped(run.stateTransitions)],
    ["shadow operations", (run) => grouped(shadowOperations(run))],
    ["inbound publishes", (run) => grouped(inboundPublishes(run))],
    ...callRows(quick),
    ...quick.writes.map(({ by, item }): readonly [string, (run: MeasuredRun) => string] => [
      `records ${item}`,
      (run) => writesText(run, by, item),
    ]),
    ...quick.reads.map(({ by, table }): readonly [string, (run: MeasuredRun) => string] => [
      `${by} reads the ${table}`,
      (run) => readsText(run, by, table),
    ]),
    ["the workflow's log", ({ executionLog }) => kilobytes(executionLog.bytes)],
    ["the functions' logs", ({ functionLogs }) => kilobytes(functionLogs.bytes)],
  ];
  return markdownTable(
    ["", { number: "the simulated devices' own times" }, { number: "blinds as slow as real ones" }],
    rows.map(([name, text]) => [name, text(quick), text(slow)]),
  );
};

const callRows = (run: MeasuredRun): readonly (readonly [string, (run: MeasuredRun) => string])[] =>
  Object.keys(run.calls).map((name) => [`\`${name}\``, ({ calls }) => grouped(calls[name] ?? 0)]);

const writesText = (run: MeasuredRun, by: string, item: string): string => {
  const found = run.writes.find((one) => one.by === by && one.item === item);
  if (found === undefined) return "none";
  const indexes = Object.entries(found.indexUnits).map(([index, units]) => ` + ${units} ${index}`);
  return `${found.count}, ${grouped(found.bytes)} bytes, ${found.units} WRU${indexes.join("")}`;
};

const readsText = (run: MeasuredRun, by: string, table: string): string => {
  const found = run.reads.find((one) => one.by === by && one.table === table);
  if (found === undefined) return "none";
  return `${found.count}, ${grouped(found.bytes)} bytes, ${found.units} RRU`;
};

const kilobytes = (bytes: number): string => `${grouped(bytes / 1000, 1)} kB`;

const pricesTable = (): string =>
  markdownTable(
    [{ number: "price" }, "of", "known", "as of", "source"],
    Object.values<Price>(PRICES).map(({ dollars, unit, basis, asOf, source }) => [
      dollars < 0.001 ? `$${grouped(dollars * 1e6, 3)} a million` : `$${grouped(dollars, 3)}`,
      unit,
      basis,
      asOf,
      link(source),
    ]),
  );

const link = (source: string): string =>
  source.startsWith("https://")
    ? `[${new URL(source).pathname.split("/").filter(Boolean).at(-1)?.replace(".html", "") ?? source}](${source})`
    : `\`${source}\``;
