import { parseHomeId } from "#domain/home/home-id.ts";
import { openAudit } from "./audit/audit-reader.ts";
import { withClientNames } from "./audit/client-names.ts";
import { costLine, meter } from "./audit/meter.ts";
import { type AuditOptions, parseAuditOptions } from "./audit/options.ts";
import { showFirings } from "./audit/show-firings.ts";
import { erase, exportInto, showHead, verifyInto, verifyLive } from "./audit/show-log.ts";
import { showAccess, showDevice, showRun, showRuns } from "./audit/show-records.ts";
import { writeProofs } from "./audit/write-proofs.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_USAGE } from "./command/registry-options.ts";
import { type Registry, registryOf } from "./devices/registry.ts";

const USAGE = `npm run audit -- runs [filters]             the runs of a period (default today), and how each ended
npm run audit -- run RUN_ID                 one run: who, why, and when each device answered within its window
npm run audit -- device NAME                who made it so, in a sentence, and what it reported last, newest first
npm run audit -- access                     who looked at the home and does not live there (of --day's month)
npm run audit -- schedules                  what became of the firings of all schedules that were planned on a day (UTC)
npm run audit -- schedule NAME              what became of a schedule's newest firings; of a removed one by its id

npm run audit -- head                       the signed head of the log, to be kept somewhere else: head > FILE
npm run audit -- export DIR                 the log and its records, to be verified anywhere
npm run audit -- verify DIR | --live        is each record as it was sealed, and none missing? Exit code 0: yes, 1: no
npm run audit -- proof RUN_ID [--out DIR]   a C2SP .tlog-proof of each record of a run (default DIR: the run's id)
npm run audit -- erase --run ID | --person SUB --reason TEXT [--yes]
                                            erases records for good; the log then says that, and why

  --day YYYY-MM-DD        a day (UTC)
  --since, --until WHEN   a day, a moment (2026-11-23T22:00Z), or how long ago (90m, 8h, 7d)
  --scene, --person, --client, --device, --outcome VALUE
                          only such runs; an outcome is done, partly_done, stopped, failed, running or cut_off
  --limit N, --page PAGE  the newest N, and those before a page
  --json                  the records as they are, exactly; of the list each request with its end
  --csv                   a table for a spreadsheet; what it would take for a formula begins with an apostrophe
  --cost                  what was asked of DynamoDB, on stderr

  --head FILE, --older FILE   verify: signed heads that were kept; --older may be repeated
  --key VKEY              verify: the log's key, instead of the one that was seen first
  --known-heads FILE      verify: where key and head are kept (default ~/.smarthome/known-heads)
  --audit-export DIR --log-export DIR   verify: DynamoDB's own exports of both tables, instead of records.jsonl

  --home HOME             the home (default home)
${REGISTRY_USAGE}`;

interface Asked {
  readonly what: string;
  readonly name: string | undefined;
  readonly options: AuditOptions;
}

const namedOf = ({ what, name }: Asked, example: string): string => {
  if (name !== undefined) return name;
  throw new Problem(`Name one, for example: npm run audit -- ${what} ${example}`);
};

const answer = async (registry: Registry, asked: Asked): Promise<number> => {
  const { what, options } = asked;
  const home = parseHomeId(options.home);
  const ofLog = { registry, home, options, print };
  const question = { audit: openAudit(registry, home), home, options, nowMs: Date.now() };
  const tell = async (lines: Promise<readonly string[]>): Promise<number> => {
    const told = options.json || options.csv ? (line: string) => line : withClientNames(registry);
    for (const line of await lines) print(told(line));
    return 0;
  };
  switch (what) {
    case "runs":
      return tell(showRuns(question));
    case "access":
      return tell(showAccess(question));
    case "device":
      return tell(showDevice(question, namedOf(asked, "hall_lamp")));
    case "run":
      return tell(showRun(question, namedOf(asked, "run_0123456789abcdefghjk")));
    case "schedules":
      return tell(showFirings(registry, home, options));
    case "schedule":
      return tell(showFirings(registry, home, options, namedOf(asked, "goodnight_weekdays")));
    case "head":
      return showHead(ofLog);
    case "export":
      return exportInto(ofLog, namedOf(asked, "evidence"));
    case "verify":
      return verifyLive(ofLog);
    case "proof": {
      const run = namedOf(asked, "run_0123456789abcdefghjk");
      return tell(writeProofs(registry, home, run, options.out ?? run));
    }
    case "erase":
      return erase(ofLog);
    default:
      return tell(showRun(question, what));
  }
};

await runCommand(async () => {
  const { values: options, positionals } = parseAuditOptions();
  const [what, name] = positionals;
  if (options.help) {
    print(USAGE);
    return 0;
  }
  if (what === undefined) throw new Problem(USAGE);
  if (what === "verify" && (name === undefined) !== options.live) {
    throw new Problem("Name the folder of an export, or give --live.");
  }
  // Needs no house and no network.
  if (what === "verify" && name !== undefined) return verifyInto(options, name, print);
  const registry = await registryOf(options);
  try {
    const cost = options.cost ? meter(registry.dynamoDb) : undefined;
    const code = await answer(registry, { what, name, options });
    if (cost !== undefined) process.stderr.write(`${costLine(cost())}\n`);
    return code;
  } finally {
    registry.close();
  }
});
