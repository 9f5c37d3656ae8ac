import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { queryRunEnd } from "#adapters/query-firings.ts";
import { counted } from "#domain/counted.ts";
import { isObject } from "#domain/json.ts";
import type { Schedule } from "#domain/schedule/schedule.ts";
import { callByHand } from "#domain/schedule/scheduled-call.ts";
import { inWordsOf } from "#domain/schedule/times/moment.ts";
import { DEFAULT_HOME } from "../command/default-home.ts";
import { print } from "../command/print.ts";
import { Problem } from "../command/problem.ts";
import type { Registry } from "../devices/registry.ts";
import { type DeadLetter, type DeadLetters, openDeadLetters } from "./dead-letters.ts";
import { SCHEDULE_OPTIONS, withHome } from "./schedule-options.ts";
import { storedSchedule } from "./stored-schedules.ts";
import type { Subcommand } from "./subcommand.ts";

const USAGE = `npm run schedule -- run-now NAME    fires a schedule by hand, whatever it says of its times; the firing of its newest dead
                           letter, which goes when the run has begun, or else one of this minute

  --home HOME  the home (default home)     --json  what became of it, as JSON

  Exit code: 0 every device is as asked, 1 not so, 2 the command could not be carried out.`;

/** Fires a schedule by hand. */
export const runNow: Subcommand = {
  name: "run-now",
  usage: USAGE,
  run: async (args) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: SCHEDULE_OPTIONS,
    });
    if (values.help) {
      print(USAGE);
      return 0;
    }
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) {
      throw new Problem(`Name one schedule, in quotes if it has spaces.\n\n${USAGE}`);
    }
    return withHome(values, async ({ registry, home }) => {
      const schedule = await storedSchedule(registry, home, name);
      const queues = openDeadLetters(registry);
      try {
        return await fire(registry, schedule, queues, values.json);
      } finally {
        queues.close();
      }
    });
  },
};

const fire = async (
  registry: Registry,
  schedule: Schedule,
  queues: DeadLetters,
  isJson: boolean,
): Promise<number> => {
  const own = (await queues.read()).filter(
    ({ call }) => call?.home === schedule.home && call.schedule === schedule.schedule,
  );
  const newest = own
    .map(({ call }) => call?.plannedAt ?? "")
    .toSorted()
    .at(-1);
  const plannedAt = newest ?? thisMinute();
  const end = await followed(
    registry,
    schedule,
    await invoke(registry, callByHand(schedule, plannedAt)),
  );
  const hasBegun = typeof end.run === "string";
  const letters = own.filter(({ call }) => call?.plannedAt === newest);
  if (hasBegun) for (const letter of letters) await queues.delete(letter);
  if (isJson) {
    print(JSON.stringify({ schedule: schedule.schedule, plannedAt, ...end }));
    return exitCode(end);
  }
  for (const line of endLines(schedule, plannedAt, end)) print(line);
  for (const line of letterLines(own, hasBegun ? letters.length : 0)) print(line);
  return exitCode(end);
};

const thisMinute = (): string => `${new Date().toISOString().slice(0, 16)}:00.000Z`;

// The function waits for no run; its token and session come before it.
const TIMEOUT_MS = 125_000;
const LOOK_EVERY_MS = 500;

/** What became of a firing, with how its run ended: a firing waits for none, but whoever fires by hand does. */
const followed = async (
  { dynamoDb, auditTable }: Registry,
  { home }: Schedule,
  end: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> => {
  const { run, result } = end;
  if (typeof run !== "string" || result !== undefined) return end;
  const begun = { home, run, beganAtMs: Date.now() };
  for (;;) {
    const ended = await queryRunEnd(dynamoDb, auditTable, begun);
    if (ended !== "running") return { ...end, result: ended };
    await pause(LOOK_EVERY_MS);
  }
};

const invoke = async (
  { output, clientOptions }: Registry,
  call: object,
): Promise<Readonly<Record<string, unknown>>> => {
  const client = new LambdaClient({
    ...clientOptions,
    // Each invocation that is sent again would be another firing by hand.
    maxAttempts: 1,
    requestHandler: { requestTimeout: TIMEOUT_MS },
  });
  try {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({
        FunctionName: output("StartScheduledSceneArn"),
        Payload: JSON.stringify(call),
      }),
    );
    const end: unknown = JSON.parse(Buffer.from(Payload ?? []).toString("utf8") || "null");
    if (FunctionError === undefined && isObject(end)) return end;
    const { errorType = FunctionError, errorMessage = "" } = isObject(end) ? end : {};
    throw new Problem(
      `The firing broke off: ${String(errorType)}: ${String(errorMessage)} What was recorded: npm run audit -- schedules. A dead letter stays where it is.`,
    );
  } finally {
    client.destroy();
  }
};

const endLines = (
  { schedule, name, zone, home }: Schedule,
  plannedAt: string,
  { kind, run, result, code }: Readonly<Record<string, unknown>>,
): readonly string[] => {
  const planned = inWordsOf(Date.parse(plannedAt), zone);
  const inHome = home === DEFAULT_HOME ? "" : ` --home ${home}`;
  if (typeof run === "string") {
    return [
      `${JSON.stringify(name)} (${schedule}), planned ${planned}: ${String(result ?? "begun")}.`,
      `  Look closer: npm run audit -- ${run}${inHome}`,
    ];
  }
  return [
    `${JSON.stringify(name)} (${schedule}), planned ${planned}: ${String(kind)}${code === undefined ? "" : `, ${String(code)}`}. Nothing was run.`,
    `  Why: npm run audit -- schedule ${schedule}${inHome}`,
  ];
};

const letterLines = (own: readonly DeadLetter[], taken: number): readonly string[] => {
  const left = own.length - taken;
  return [
    ...(taken === 0 ? [] : [`  ${counted(taken, "dead letter")} of it taken out of the queue.`]),
    ...(left === 0 ? [] : [`  ${counted(left, "dead letter")} of it left.`]),
  ];
};

const exitCode = ({ result }: Readonly<Record<string, unknown>>): number =>
  result === "done" ? 0 : 1;
