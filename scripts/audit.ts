import { parseHomeId } from "#domain/home/home-id.ts";
import { openAudit } from "./audit/audit-reader.ts";
import { costLine, meter } from "./audit/meter.ts";
import { parseAuditOptions } from "./audit/options.ts";
import { showAccess, showDevice, showRun, showRuns } from "./audit/show-records.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_USAGE } from "./command/registry-options.ts";
import { registryOf } from "./devices/registry.ts";

const USAGE = `npm run audit -- runs [filters]             the runs of a period (default today), and how each ended
npm run audit -- run RUN_ID                 one run: who, why, and when each device answered within its window
npm run audit -- device NAME                who made it so, in a sentence, and what it reported last, newest first
npm run audit -- access                     who looked at the home and does not live there (of --day's month)

  --day YYYY-MM-DD        a day (UTC)
  --since, --until WHEN   a day, a moment (2026-11-23T22:00Z), or how long ago (90m, 8h, 7d)
  --scene, --person, --client, --device, --outcome VALUE
                          only such runs; an outcome is done, partly_done, stopped, failed, running or cut_off
  --limit N, --page PAGE  the newest N, and those before a page
  --json                  the records as they are, exactly; of the list each request with its end
  --csv                   a table for a spreadsheet; what it would take for a formula begins with an apostrophe
  --cost                  what was asked of DynamoDB, on stderr
  --home HOME             the home (default home)
${REGISTRY_USAGE}`;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

await runCommand(async () => {
  const { values: options, positionals } = parseAuditOptions();
  const [what, name] = positionals;
  if (options.help) {
    print(USAGE);
    return 0;
  }
  if (what === undefined) throw new Problem(USAGE);
  const home = parseHomeId(options.home);
  const registry = await registryOf(options);
  try {
    const cost = options.cost ? meter(registry.dynamoDb) : undefined;
    const question = { audit: openAudit(registry, home), home, options, nowMs: Date.now() };
    const named = (example: string): string => {
      if (name !== undefined) return name;
      throw new Problem(`Name one, for example: npm run audit -- ${what} ${example}`);
    };
    const answer = (): Promise<readonly string[]> => {
      switch (what) {
        case "runs":
          return showRuns(question);
        case "access":
          return showAccess(question);
        case "device":
          return showDevice(question, named("hall_lamp"));
        case "run":
          return showRun(question, named("run_0123456789abcdefghjk"));
        default:
          return showRun(question, what);
      }
    };
    for (const line of await answer()) print(line);
    if (cost !== undefined) process.stderr.write(`${costLine(cost())}\n`);
    return 0;
  } finally {
    registry.close();
  }
});
