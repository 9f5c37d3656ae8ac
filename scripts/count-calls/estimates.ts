import type { MeasuredRun } from "../cell-size/measured.ts";
import { PRICES } from "../cell-size/prices.ts";
import { grouped, markdownTable } from "../command/markdown-table.ts";

/** How a figure is known: AWS says it, somebody else measured and published it, or it is assumed, as nobody did. */
type Known = "documented" | "published" | "assumed";

interface Figure {
  readonly what: string;
  readonly ms: number;
  readonly known: Known;
  /** Where it is said; of what is assumed, nowhere. */
  readonly source?: string;
  readonly isCold?: true;
}

// What each step adds on AWS. None was measured here.
const FIGURES = {
  gateway: { what: "gateway, its token check included", ms: 50, known: "assumed" },
  invocation: {
    what: "call of a warm function, at most",
    ms: 20,
    known: "published",
    source: "https://alexmayhew.dev/blog/lambda-tax-cold-starts",
  },
  // "Single-digit millisecond", in the middle.
  table: {
    what: "call of DynamoDB",
    ms: 5,
    known: "documented",
    source: "https://aws.amazon.com/blogs/database/understanding-amazon-dynamodb-latency/",
  },
  state: { what: "state of an Express workflow", ms: 5, known: "assumed" },
  // The mean of 1,420 messages in five days, from 12 to 89 ms by the hour; nine in ten within 87 ms.
  message: {
    what: "message through the broker: to the device, its question, the answer, its report",
    ms: 50,
    known: "published",
    source: "https://qiita.com/okapin/items/ffcb70e2bfbf8989225b",
  },
  shadow: { what: "shadow's delta, and the rule's way to the record", ms: 20, known: "assumed" },
  // 250 ms to load code with three clients, 125 ms of the first call over HTTPS.
  coldStart: {
    what: "cold start of a function of Node.js 22 with the SDK, each that is cold",
    ms: 375,
    known: "published",
    source:
      "https://speedrun.nobackspacecrew.com/blog/2025/07/21/the-fastest-node-22-lambda-coldstart-configuration.html",
    isCold: true,
  },
} as const satisfies Readonly<Record<string, Figure>>;

/** What AWS adds to the devices' own time of a run, warm and cold; what is assumed is summed by itself. */
export const latencyTable = (run: MeasuredRun): string => {
  const tables = Object.entries(run.calls)
    .filter(([key]) => key.startsWith("home dynamodb:") || key === "RunScene dynamodb:PutItem")
    .reduce((sum, [, count]) => sum + count, 0);
  const counts: Readonly<Record<keyof typeof FIGURES, number>> = {
    gateway: 1,
    invocation: run.invocations.length,
    table: tables,
    state: run.stateTransitions,
    message: 4 * run.stages.length,
    shadow: run.stages.length,
    coldStart: Object.keys(run.functions).length,
  };
  const rows = Object.entries<Figure>(FIGURES).map(([key, figure]) => {
    const count = Object.entries(counts).find(([name]) => name === key)?.[1] ?? 0;
    return { ...figure, count, all: count * figure.ms };
  });
  const total = (name: string, isPart: (row: (typeof rows)[number]) => boolean) => {
    const ms = rows.filter(isPart).reduce((sum, { all }) => sum + all, 0);
    return [`**${name}**`, "", "", `${grouped(ms)} ms`, "", ""];
  };
  return markdownTable(
    ["", { number: "each" }, { number: "times" }, { number: "together" }, "known", "source"],
    [
      ...rows.map(({ what, ms, count, all, known, source }) => [
        what,
        `${ms} ms`,
        grouped(count),
        `${grouped(all)} ms`,
        known,
        source === undefined ? "" : `[${new URL(source).hostname}](${source})`,
      ]),
      total("warm, by figures that have a source", (row) => !row.isCold && row.known !== "assumed"),
      total("warm, assumed", (row) => !row.isCold && row.known === "assumed"),
      total("added, all functions warm", (row) => !row.isCold),
      total("added, all functions cold", () => true),
    ],
  );
};

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
const MB_OF_ONE_CPU = 1_769;
const SIZES = [256, 512, 1_024, MB_OF_ONE_CPU] as const;
// They wait, for the run or for devices, and do little; of the rest each millisecond is taken for work.
const WAITING: readonly string[] = ["home", "publish-commands", "await-acknowledgements"];

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
