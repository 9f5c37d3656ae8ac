import { setTimeout as pause } from "node:timers/promises";
import { styleText } from "node:util";
import yoctoSpinner from "yocto-spinner";
import { reasonInWords } from "#domain/run/outcome.ts";
import { MOST_WAIT_SECONDS } from "#domain/run/waiting.ts";
import { DEFAULT_HOME } from "./default-home.ts";
import type { HomeClient, ToolAnswer } from "./home-client.ts";

/** Runs a scene and answers as the tool does, at the run's end. */
export const runToTheEnd = async (
  home: HomeClient,
  args: { readonly home?: string } & Readonly<Record<string, unknown>>,
): Promise<ToolAnswer> => {
  const where = args.home === undefined ? {} : { home: args.home };
  let answer = await home.callTool("run_scene", args);
  while (answer.result === "running") {
    const run = { ...where, run_id: String(answer.run_id), wait_s: MOST_WAIT_SECONDS };
    answer = await home.callTool("get_run", run);
  }
  return answer;
};

/** One device of get_run's full answer. */
interface DeviceLine {
  readonly device: string;
  readonly name: string;
  readonly stage: string;
  readonly asked: string;
  readonly outcome: string;
  readonly reason?: string;
}

// Often enough to look alive, seldom enough not to slow the run down.
const LOOK_EVERY_MS = 120;

/**
 * Runs a scene and prints a line for each device as its answer arrives; then what is not as asked, and the result's own
 * sentence. On a terminal a spinner shows that the run goes on.
 */
export const followRun = async (
  home: HomeClient,
  args: {
    readonly scene: string;
    readonly request_id: string;
    readonly home?: string;
  } & Readonly<Record<string, unknown>>,
): Promise<ToolAnswer> => {
  // Somebody with several homes must say which, of a run too.
  const where = args.home === undefined ? {} : { home: args.home };
  const isTerminal = process.stdout.isTTY === true;
  const spinner = isTerminal ? yoctoSpinner({ text: `${args.scene} …` }).start() : undefined;
  const shown = new Map<string, string>();
  const print = (line: string): void => {
    spinner?.clear();
    process.stdout.write(`${line}\n`);
  };
  let isOver = false;
  const running = home.callTool("run_scene", args).finally(() => {
    isOver = true;
  });
  // The loop below shows progress only; a failure of the run itself is thrown where `running` is awaited.
  running.catch(() => undefined);
  while (!isOver) {
    await Promise.race([pause(LOOK_EVERY_MS), running.catch(() => undefined)]);
    if (!isOver) await show(home, { ...where, request_id: args.request_id }, shown, print);
  }
  try {
    return await endOf(await running, home, where, shown, print);
  } finally {
    spinner?.stop();
  }
};

/** Shows a run until it is over, and answers its end. */
const endOf = async (
  begun: ToolAnswer,
  home: HomeClient,
  where: Readonly<Record<string, string>>,
  shown: Map<string, string>,
  print: (line: string) => void,
): Promise<ToolAnswer> => {
  let result = begun;
  while (result.result === "running") {
    await pause(LOOK_EVERY_MS);
    const run = { ...where, run_id: String(result.run_id) };
    await show(home, run, shown, print);
    result = await home.callTool("get_run", run);
  }
  if (typeof result.run_id === "string") {
    await show(home, { ...where, run_id: result.run_id }, shown, print);
  }
  return result;
};

const show = async (
  home: HomeClient,
  which: Readonly<Record<string, string>>,
  shown: Map<string, string>,
  print: (line: string) => void,
): Promise<void> => {
  const run = await home.callTool("get_run", { ...which, detail: "full" });
  if (!Array.isArray(run.every_device)) return;
  for (const device of run.every_device as readonly DeviceLine[]) {
    // Once more where the end of the run judges otherwise: whether an answer was in time is known only then.
    if (device.outcome === "waiting" || shown.get(device.device) === device.outcome) continue;
    shown.set(device.device, device.outcome);
    print(deviceLine(device));
  }
};

const deviceLine = (device: DeviceLine): string => {
  const isGood = device.outcome === "confirmed" || device.outcome === "already_there";
  const mark = isGood ? styleText("green", "✓") : styleText("red", "✗");
  const outcome = device.outcome.replaceAll("_", " ");
  const told = isGood ? outcome : styleText("red", outcome);
  const reason = device.reason === undefined ? "" : ` (${reasonInWords(device.reason)})`;
  return `  ${mark} ${device.name.padEnd(26)} ${device.asked.padEnd(32)} ${told}${reason}`;
};

/** The end of a run in a few lines: the sentence, the next steps, the run id and how to look closer. */
export const summaryLines = (result: ToolAnswer, sameStack: string): readonly string[] => {
  const problems = Array.isArray(result.devices_not_confirmed)
    ? (result.devices_not_confirmed as readonly { name: string; outcome: string; next: string }[])
    : [];
  const { home = DEFAULT_HOME } = result;
  const inHome = home === DEFAULT_HOME ? "" : ` --home ${String(home)}`;
  const good = Number(result.confirmed) + Number(result.already_there);
  return [
    "",
    `  ${String(result.say)}`,
    ...problems
      .filter((one) => one.outcome !== "not_reached")
      .map((one) => `  ${one.name}: ${one.next}`),
    "",
    `  ${good} of ${String(result.devices)} confirmed · ${String(result.result).replaceAll("_", " ")} · ${String(result.run_id)}`,
    `  Look closer: npm run audit -- ${String(result.run_id)}${inHome}${sameStack}`,
  ];
};

/** 0 when every device is as asked, 1 otherwise. */
export const exitCodeOf = (result: ToolAnswer): number => (result.result === "done" ? 0 : 1);
