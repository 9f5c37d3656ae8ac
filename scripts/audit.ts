import { parseArgs } from "node:util";
import { parseHomeId } from "#domain/home/home-id.ts";
import { HOME_OPTION } from "./command/default-home.ts";
import { readEndpoints } from "./command/endpoints.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { acknowledgementLine, endedRunLines, runLines, visitLine } from "./records/audit-lines.ts";
import { type AuditReader, openAudit } from "./records/audit-reader.ts";
import { firingLines, firingsIn } from "./records/firings.ts";
import { runEnds } from "./records/run-ends.ts";

const USAGE = `npm run audit -- runs [--day YYYY-MM-DD]    the runs of a day (UTC; default today), and how each ended
npm run audit -- RUN_ID                     one run: who, why, and what each device was asked and reported
npm run audit -- device NAME                what a device acknowledged last, newest first

npm run audit -- schedules                  what became of the firings of all schedules that were planned on a day (UTC)
npm run audit -- schedule NAME              what became of a schedule's newest firings; of a removed one by its id

npm run audit -- access                     who looked at the home and does not live there (of --day's month)

  --home HOME  the home (default home)
  --data DIR   the house's folder (default .home)
  --json       the records as they are; of a day's runs each request with its end`;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const answer = async (
  audit: AuditReader,
  what: string,
  name: string | undefined,
  day: string,
  isJson: boolean,
): Promise<readonly string[]> => {
  if (what === "runs") {
    const runs = await runEnds(audit, await audit.runsOfDay(day), Date.now());
    if (isJson) return runs.map(({ request, ...end }) => JSON.stringify({ ...request, ...end }));
    return runs.length === 0 ? [`No runs on ${day}.`] : endedRunLines(runs);
  }
  if (what === "access") {
    const visits = await audit.visitsOf(day.slice(0, 7));
    if (isJson) return visits.map((visit) => JSON.stringify(visit));
    return visits.length === 0
      ? [`Nobody who does not live there looked at the home in ${day.slice(0, 7)}.`]
      : visits.map(visitLine);
  }
  if (what === "device") {
    if (name === undefined)
      throw new Problem("Name a device, for example: npm run audit -- device hall_lamp");
    const records = await audit.acknowledgementsOf(name);
    if (isJson) return records.map((record) => JSON.stringify(record));
    return records.length === 0
      ? [`No acknowledgement of "${name}" is recorded.`]
      : records.map(acknowledgementLine);
  }
  const records = await audit.run(what);
  if (records.length === 0)
    throw new Problem(`There is no run "${what}". List them with: npm run audit -- runs`);
  return isJson ? records.map((record) => JSON.stringify(record)) : runLines(records);
};

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: "string", default: ".home" },
      home: HOME_OPTION,
      day: { type: "string", default: new Date().toISOString().slice(0, 10) },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [what, name] = positionals;
  if (values.help) {
    print(USAGE);
    return 0;
  }
  if (what === undefined) throw new Problem(USAGE);
  if (!/^\d{4}-\d\d-\d\d$/.test(values.day)) {
    throw new Problem(`--day must be a day such as 2026-11-23, not "${values.day}".`);
  }
  const endpoints = readEndpoints(values.data);
  if (endpoints === undefined) {
    throw new Problem(
      `No house is up on ${values.data}. Start one with npm start -- --quiet, or name its folder with --data DIR.`,
    );
  }
  const home = parseHomeId(values.home);
  if (what === "schedules" || what === "schedule") {
    if (what === "schedule" && name === undefined) {
      throw new Problem(
        "Name a schedule, for example: npm run audit -- schedule goodnight_weekdays",
      );
    }
    const firings = await firingsIn(
      values.data,
      home,
      what === "schedule" ? name : undefined,
      values.day,
    );
    for (const line of values.json
      ? firings.map((one) => JSON.stringify(one))
      : firingLines(firings)) {
      print(line);
    }
    return 0;
  }
  const audit = openAudit(endpoints, { home, thingPrefix: "" });
  const lines = await answer(audit, what, name, values.day, values.json);
  for (const line of lines) print(line);
  return 0;
});
