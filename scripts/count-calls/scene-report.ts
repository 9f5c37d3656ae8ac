import type { Measured, MeasuredRun } from "../cell-size/measured.ts";
import { costOfAMillion, infrequentAccessOf } from "../cell-size/monthly-cost.ts";
import type { Section } from "../cell-size/report.ts";
import { type Column, grouped, markdownTable } from "../command/markdown-table.ts";
import { latencyTable, memoryTable } from "./estimates.ts";

/** Everything that one goodnight asks of AWS, beside the same before. */
export const sceneReport = (before: Measured, now: Measured): readonly Section[] => [
  { heading: "Every call", table: callsTable(before, now) },
  { heading: "Every function", table: functionsTable(before, now) },
  { heading: "Everything else that is counted", table: restTable(before, now) },
  { heading: "What a million scenes cost", table: costTable(before, now) },
  { heading: "From which retention on the table's class pays", table: classTable(now) },
  { heading: "How long a person waits", table: latencyTable(now.quick) },
  { heading: "Memory", table: memoryTable(now.quick) },
];

const keysOf = (...records: readonly Readonly<Record<string, unknown>>[]): readonly string[] =>
  [...new Set(records.flatMap((one) => Object.keys(one)))].sort();

const columns = (
  before: Measured,
  now: Measured,
  ...more: readonly Column[]
): readonly Column[] => [
  "",
  { number: `at ${before.commit}` },
  { number: `at ${now.commit}` },
  ...more,
];

const callsTable = (before: Measured, now: Measured): string =>
  markdownTable(
    [
      ...columns(before, now),
      { number: "bytes asked" },
      { number: "bytes answered" },
      { number: "capacity units" },
    ],
    keysOf(before.quick.calls, now.quick.calls).map((key) => {
      const { requestBytes, responseBytes } = now.quick.traffic?.[key] ?? {};
      return [
        `\`${key}\``,
        grouped(before.quick.calls[key] ?? 0),
        grouped(now.quick.calls[key] ?? 0),
        requestBytes === undefined ? "-" : grouped(requestBytes),
        responseBytes === undefined ? "-" : grouped(responseBytes),
        unitsOf(now.quick, key),
      ];
    }),
  );

const unitsOf = ({ reads, writes }: MeasuredRun, key: string): string => {
  const [by, action] = key.split(" ");
  if (action === "dynamodb:Query") {
    const units = reads.filter((one) => one.by === by).reduce((sum, one) => sum + one.units, 0);
    return `${units} RRU`;
  }
  if (action !== "dynamodb:PutItem") return "-";
  const own = writes.filter((one) => one.by === by);
  const indexed = own.flatMap(({ indexUnits }) => Object.values(indexUnits));
  const units = [...own.map((one) => one.units), ...indexed].reduce((sum, n) => sum + n, 0);
  return `${units} WRU`;
};

const functionsTable = (before: Measured, now: Measured): string =>
  markdownTable(
    [
      "function",
      { number: `calls at ${before.commit}` },
      { number: "billed ms" },
      { number: `calls at ${now.commit}` },
      { number: "billed ms" },
      { number: "MB" },
    ],
    keysOf(before.quick.functions, now.quick.functions).map((name) => {
      const [was, is] = [before.quick.functions[name], now.quick.functions[name]];
      return [
        `\`${name}\``,
        grouped(was?.invocations ?? 0),
        grouped(was?.billedMs ?? 0),
        grouped(is?.invocations ?? 0),
        grouped(is?.billedMs ?? 0),
        is === undefined ? "-" : grouped(is.memoryMb),
      ];
    }),
  );

const restTable = (before: Measured, now: Measured): string => {
  const row = (name: string, value: (run: MeasuredRun) => number): readonly string[] => [
    name,
    grouped(value(before.quick)),
    grouped(value(now.quick)),
  ];
  return markdownTable(columns(before, now), [
    row("states entered", ({ stateTransitions }) => stateTransitions),
    ...keysOf(before.quick.shadowMessages, now.quick.shadowMessages).map((kind) =>
      row(`MQTT \`…/shadow/${kind}\``, ({ shadowMessages }) => shadowMessages[kind] ?? 0),
    ),
    row("bytes of the functions' logs", ({ functionLogs }) => functionLogs.bytes),
    row(
      "bytes of the workflow's log, were all of it kept",
      ({ executionLog }) => executionLog.bytes,
    ),
  ]);
};

const costTable = (before: Measured, now: Measured): string => {
  const was = costOfAMillion(before.quick, "standard");
  const is = costOfAMillion(now.quick, "infrequentAccess");
  const total = (lines: Readonly<Record<string, number>>): number =>
    Object.values(lines).reduce((sum, dollars) => sum + dollars, 0);
  return markdownTable(columns(before, now), [
    ...keysOf(was, is).map((name) => [
      name,
      `$${grouped(was[name] ?? 0, 2)}`,
      `$${grouped(is[name] ?? 0, 2)}`,
    ]),
    ["**all of it**", `$${grouped(total(was), 2)}`, `$${grouped(total(is), 2)}`],
  ]);
};

const classTable = ({ quick }: Measured): string => {
  const { written, read, savedADay, paysFromDays } = infrequentAccessOf(quick);
  const ofAMillion = (dollars: number): string => `$${grouped(1e6 * dollars, 2)}`;
  return markdownTable(
    ["a million scenes", { number: "Standard-Infrequent Access against Standard" }],
    [
      ["written", `${ofAMillion(written)} more`],
      ["read", `${ofAMillion(read)} more`],
      ["stored", `${ofAMillion(savedADay)} less for each day that records are kept`],
      ["**pays from**", `${grouped(Math.ceil(paysFromDays))} days of retention on`],
    ],
  );
};
