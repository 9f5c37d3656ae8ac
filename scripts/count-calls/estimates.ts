import type { Basis } from "../cell-size/limits.ts";
import type { MeasuredRun } from "../cell-size/measured.ts";
import { PRICES } from "../cell-size/prices.ts";
import { grouped, markdownTable } from "../command/markdown-table.ts";

interface Figure {
  readonly what: string;
  readonly ms: number;
  readonly basis: Basis;
  readonly source: string;
}

// What each step adds on AWS. None was measured here.
const FIGURES = {
  gateway: {
    what: "gateway, its token check included",
    ms: 50,
    basis: "from memory",
    source: "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway.html",
  },
  invocation: {
    what: "call of a warm function",
    ms: 15,
    basis: "from memory",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html",
  },
  table: {
    what: "call of DynamoDB",
    ms: 5,
    basis: "documented",
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Introduction.html",
  },
  state: {
    what: "state of an Express workflow",
    ms: 5,
    basis: "from memory",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html",
  },
  broker: {
    what: "from a Publish to the device, and from its report to the record",
    ms: 100,
    basis: "from memory",
    source: "https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-data-flow.html",
  },
  coldStart: {
    what: "environment of Node.js and its handler's modules, each function that is cold",
    ms: 350,
    basis: "from memory",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html",
  },
} as const satisfies Readonly<Record<string, Figure>>;

/** What AWS adds to the devices' own time of a run, from published figures, warm and cold. */
export const latencyTable = (run: MeasuredRun): string => {
  const tables = Object.entries(run.calls)
    .filter(([key]) => key.startsWith("home dynamodb:") || key === "RunScene dynamodb:PutItem")
    .reduce((sum, [, count]) => sum + count, 0);
  const counts: Readonly<Record<keyof typeof FIGURES, number>> = {
    gateway: 1,
    invocation: run.invocations.length,
    table: tables,
    state: run.stateTransitions,
    broker: run.stages.length,
    coldStart: Object.keys(run.functions).length,
  };
  const rows = Object.entries<Figure>(FIGURES).map(([key, { what, ms, basis, source }]) => {
    const count = Object.entries(counts).find(([name]) => name === key)?.[1] ?? 0;
    return { what, ms, basis, source, count, all: count * ms, isCold: key === "coldStart" };
  });
  const warm = rows.filter(({ isCold }) => !isCold).reduce((sum, { all }) => sum + all, 0);
  const cold = rows.reduce((sum, { all }) => sum + all, 0);
  return markdownTable(
    ["", { number: "each" }, { number: "times" }, { number: "together" }, "known", "source"],
    [
      ...rows.map(({ what, ms, count, all, basis, source }) => [
        what,
        `${ms} ms`,
        grouped(count),
        `${grouped(all)} ms`,
        basis,
        `[${new URL(source).hostname}](${source})`,
      ]),
      ["**added, all functions warm**", "", "", `${grouped(warm)} ms`, "", ""],
      ["**added, all functions cold**", "", "", `${grouped(cold)} ms`, "", ""],
    ],
  );
};

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
const MB_OF_ONE_CPU = 1_769;
const SIZES = [256, 512, 1_024, MB_OF_ONE_CPU] as const;
// They wait, for the run or for devices, and do little; of the rest each millisecond is taken for work.
const WAITING: readonly string[] = ["home", "await-acknowledgements"];

/** What each function's work would take, and cost a million scenes, by its memory. */
export const memoryTable = (run: MeasuredRun): string =>
  markdownTable(
    ["function", "has", ...SIZES.map((mb) => ({ number: `${grouped(mb)} MB` }))],
    Object.entries(run.functions).map(([name, { memoryMb, billedMs }]) => [
      `\`${name}\``,
      `${memoryMb} MB`,
      ...SIZES.map((mb) => {
        const slower = WAITING.includes(name) ? 1 : MB_OF_ONE_CPU / mb;
        const ms = billedMs * slower;
        const dollars = 1e6 * (ms / 1000) * (mb / 1024) * PRICES.lambdaGbSecond.dollars;
        return `${grouped(ms)} ms, $${grouped(dollars, 2)}`;
      }),
    ]),
  );
