import { parseArgs } from "node:util";
import { counted } from "#domain/counted.ts";
import { print } from "../command/print.ts";
import { Problem } from "../command/problem.ts";
import { readCases, resultOf } from "./preview-cases.ts";
import { instantText, parsePreviewQuery, plannedInstants } from "./preview-query.ts";
import type { Subcommand } from "./subcommand.ts";

const USAGE = `npm run schedule -- preview --expression E --from T --until T    the times (UTC) that an expression means

  --expression E  at(…), rate(…), cron(…) of EventBridge Scheduler, or a home's own words: "at 22:45 daily",
                  "at 06:15 on mon,wed..fri", "at 07:00 on day 31", "at 07:00 on last day", "sunset +30m on sat,sun"
  --zone Z        the time zone of the clocks that are meant (IANA name; default UTC)
  --position P    latitude and longitude for the sun, such as 52.52,13.405
  --from T        from this moment on, it included, such as 2026-03-28 or 2026-03-28T22:00:00Z …
  --until T       … until this one, it not included
  --start T       not before; a rate counts from it (default --from)
  --end T         not after
  --json          the times as a list
  --cases FILE    instead: each case of a file, compared with what it expects; with --json the times by case`;

const OPTIONS = {
  expression: { type: "string" },
  zone: { type: "string" },
  position: { type: "string" },
  from: { type: "string" },
  until: { type: "string" },
  start: { type: "string" },
  end: { type: "string" },
  cases: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Prints the times that an expression means, without a house. */
export const preview: Subcommand = {
  name: "preview",
  usage: USAGE,
  run: async (args) => {
    const { values } = parseArgs({ args: joinPosition(args), options: OPTIONS });
    const { cases, json, help, ...question } = values;
    if (help) {
      print(USAGE);
      return 0;
    }
    if (cases !== undefined) {
      const [beside] = Object.keys(question);
      if (beside === undefined) return checkCases(cases, json);
      throw new Problem(`--cases has its questions in the file; leave --${beside} out.`);
    }
    const { expression, from, until, zone = "UTC", ...rest } = question;
    const planned = plannedInstants(
      parsePreviewQuery(
        {
          ...rest,
          zone,
          expression: required("expression", expression),
          from: required("from", from),
          until: required("until", until),
        },
        (member) => `--${member}`,
      ),
    );
    if (json) print(JSON.stringify(planned.map(instantText)));
    else if (planned.length > 0) print(planned.map(instantText).join("\n"));
    else process.stderr.write(`It does not come from ${from} to ${until}.\n`);
    return 0;
  },
};

// parseArgs takes -33.87,151.21 for an option of its own.
const joinPosition = (args: readonly string[]): string[] => {
  const at = args.indexOf("--position");
  const value = args[at + 1];
  if (at === -1 || value === undefined) return [...args];
  return [...args.slice(0, at), `--position=${value}`, ...args.slice(at + 2)];
};

const required = (name: string, value: string | undefined): string => {
  if (value !== undefined) return value;
  throw new Problem(
    `--${name} is missing. npm run schedule -- preview --help tells what it takes.`,
  );
};

const checkCases = (file: string, isJson: boolean): number => {
  const results = readCases(file).map(resultOf);
  const isBad = results.filter((result) => "error" in result || result.differs !== undefined);
  if (isJson) {
    const byId = results.map((result) => [
      result.id,
      "error" in result ? { error: result.error } : result.instants,
    ]);
    print(JSON.stringify(Object.fromEntries(byId), undefined, 1));
    return isBad.length === 0 ? 0 : 1;
  }
  for (const result of results) {
    const why = "error" in result ? result.error : result.differs;
    print(why === undefined ? `ok       ${result.id}` : `differs  ${result.id}: ${why}`);
  }
  print(`${counted(results.length, "case")}, ${isBad.length} of them differ.`);
  return isBad.length === 0 ? 0 : 1;
};
