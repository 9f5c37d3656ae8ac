import { parseArgs } from "node:util";
import { isObject } from "#domain/json.ts";
import { connectToHome, type ToolAnswer } from "../command/home-client.ts";
import { print } from "../command/print.ts";
import { Problem } from "../command/problem.ts";
import { SCHEDULE_OPTIONS, withHome } from "./schedule-options.ts";
import type { Subcommand } from "./subcommand.ts";

const RULES = {
  scene: { type: "string" },
  when: { type: "string" },
  zone: { type: "string" },
  except: { type: "string", multiple: true },
  gap: { type: "string" },
  missed: { type: "string" },
  spread: { type: "string" },
  holidays: { type: "string" },
  until: { type: "string" },
} as const;

/** What is called of schedule_scene as the machine client, so that its checks are the same for everybody. */
const throughTool = (
  name: string,
  action: string,
  takes: readonly (keyof typeof RULES)[],
  usage: string,
): Subcommand => ({
  name,
  usage,
  run: async (args) => {
    const options = Object.fromEntries(takes.map((option) => [option, RULES[option]]));
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...SCHEDULE_OPTIONS, ...options },
    });
    if (values.help === true) {
      print(usage);
      return 0;
    }
    const [schedule, ...more] = positionals;
    if (schedule === undefined || more.length > 0) {
      throw new Problem(`Name one schedule, in quotes if it has spaces.\n\n${usage}`);
    }
    const given = Object.entries(values).filter(([option]) => option in options);
    const { home, json } = values;
    return withHome(values, async ({ registry }) => {
      const client = await connectToHome(await registry.signIn(["machine"]));
      try {
        const call = { action, schedule, home, ...Object.fromEntries(given) };
        return tell(await client.callTool("schedule_scene", call), json);
      } finally {
        await client.close();
      }
    });
  },
});

const tell = (answer: ToolAnswer, isJson: boolean): number => {
  if (isJson) print(JSON.stringify(answer));
  if (isObject(answer.error)) {
    if (!isJson)
      process.stderr.write(`${String(answer.error.code)}: ${String(answer.error.message)}\n`);
    return 2;
  }
  if (isJson) return 0;
  print(String(answer.say));
  for (const note of texts(answer.notes)) print(`  ${note}`);
  for (const text of texts(answer.left_out)) print(`  left out: ${text}`);
  return 0;
};

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : [];

/** Those that change a home's schedules. */
export const TOOL_SUBCOMMANDS: readonly Subcommand[] = [
  throughTool(
    "add",
    "create",
    ["scene", "when", "zone", "except", "gap", "missed", "spread", "holidays"],
    `npm run schedule -- add NAME --scene SCENE --when WHEN    lets a scene run by itself

  --when WHEN     "at 22:45 on mon..fri", "at 07:00 on last day", "sunset -30m", "at(2026-12-24T17:00:00)", cron(…), rate(…)
  --zone ZONE     the zone of these clocks (default the home's)
  --except DEVICE leave a device out (may be repeated)
  --gap POLICY    a time that the spring night leaves out: skip (default), or run_after runs right after it
  --missed LATE   what could not run in time: skip (default), or run once if it is late by at most, e.g., 30m
  --spread TIME   come later by up to, e.g., 10m
  --holidays skip leave the home's holidays out (npm run schedule -- settings)
  --home HOME     the home (default home)     --json  the tool's own answer`,
  ),
  throughTool(
    "change",
    "change",
    ["scene", "when", "zone", "except", "gap", "missed", "spread", "holidays"],
    "npm run schedule -- change NAME [options of add]    changes what is given, and nothing else",
  ),
  throughTool(
    "remove",
    "remove",
    [],
    "npm run schedule -- remove NAME    takes a schedule away; what it did stays in the audit",
  ),
  throughTool(
    "pause",
    "pause",
    ["until"],
    `npm run schedule -- pause NAME [--until WHEN]    lets it rest until somebody resumes it, or until the beginning of a day
                           (2026-12-27) or a moment (2026-12-27T18:00)`,
  ),
  throughTool("resume", "resume", [], "npm run schedule -- resume NAME    ends its rest"),
];
