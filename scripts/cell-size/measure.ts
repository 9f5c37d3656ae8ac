import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeTableCommand,
  DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import mqtt, { type MqttClient } from "mqtt";
import { MOST_WAIT_SECONDS } from "#domain/run/waiting.ts";
import type { CarriedOutCall } from "#local/endpoint/aws-endpoint.ts";
import { DEFAULT_HOME } from "../command/default-home.ts";
import { connectToHome } from "../command/home-client.ts";
import { Problem } from "../command/problem.ts";
import { readHomeFile } from "../homes/seed-home.ts";
import { DEMO_HOME_FILE, type RunningHome, startHome } from "../start/start-home.ts";
import { countCalls, type IdentifiedInvocation } from "./count-calls.ts";
import { callsInLogs, executionOf, volumeOf } from "./house-logs.ts";
import { HEARD_BY_DEVICES, type Measured, type MeasuredRun } from "./measured.ts";
import { readNamesInTemplate } from "./names-in-template.ts";

const SCENE = "goodnight";
const BLINDS = "living_room_blinds";
// Real blinds take about 25 s; with what the simulated ones take by themselves, the whole run does.
const SLOW = `${BLINDS}=slow:22000`;

/** Runs the demo home's goodnight twice, the second time with blinds as slow as real ones. */
export const measure = async (assembly: string): Promise<Measured> => {
  const { devices } = readHomeFile(DEMO_HOME_FILE, { home: DEFAULT_HOME, thingPrefix: "" });
  const quick = await measureRun(assembly);
  const slow = await measureRun(assembly, SLOW);
  return {
    commit: commitOf(),
    measuredAt: new Date().toISOString().slice(0, 10),
    scene: SCENE,
    devices: devices.length,
    callerCallsPerMinute: quick.callerCallsPerMinute,
    quick: quick.run,
    slow: slow.run,
  };
};

/** One goodnight of the demo home in a house of its own, after a morning that warms its functions. */
export const measureRun = async (
  assembly: string,
  faults?: string,
): Promise<{ readonly run: MeasuredRun; readonly callerCallsPerMinute: number }> => {
  const data = mkdtempSync(join(tmpdir(), "cell-size-"));
  try {
    return await measureOn(data, assembly, faults);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
};

const measureOn = async (data: string, assembly: string, faults: string | undefined) => {
  const calls: CarriedOutCall[] = [];
  const home = await startHome({
    assembly: async () => assembly,
    data,
    ports: { gateway: 0, cognito: 0, aws: 0, console: 0, mqtt: 0 },
    homeFile: DEMO_HOME_FILE,
    ...(faults === undefined ? {} : { faults }),
    onCall: (call) => calls.push(call),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  const names = readNamesInTemplate(assembly, home.stack.resources);
  let during: Awaited<ReturnType<typeof runGoodnight>>;
  let tables: ReadonlyMap<string, TableDescription>;
  try {
    tables = await describeTables(home);
    during = await runGoodnight(home, calls);
  } finally {
    // What functions and workflow wrote is complete when they have ended.
    await home.close();
  }
  const counted = countCalls(during.calls, during.startedAtMs, names, tables);
  const logs = join(data, "logs");
  const execution = executionOf(logs, during.runId);
  const [first, last] = [execution.events[0], execution.events.at(-1)];
  const inLogs = callsInLogs(logs, new Set(counted.invocations.map((one) => one.requestId)));
  const run: MeasuredRun = {
    seconds: during.seconds,
    workflowSeconds: ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 1000,
    stateTransitions: execution.events.filter(({ type }) => type.endsWith("StateEntered")).length,
    stages: counted.stages,
    invocations: counted.invocations.map(({ requestId: _, memoryMb: __, ...one }) => one),
    functions: functionsOf(counted.invocations, inLogs.billedMs),
    calls: counted.calls,
    traffic: counted.traffic,
    shadowMessages: during.shadowMessages,
    heardByDevices: HEARD_BY_DEVICES,
    writes: counted.writes,
    reads: counted.reads,
    executionLog: volumeOf(execution.events.map(({ line }) => line)),
    functionLogs: volumeOf(inLogs.lines),
  };
  return { run, callerCallsPerMinute: names.callerCallsPerMinute };
};

const runGoodnight = async (home: RunningHome, calls: CarriedOutCall[]) => {
  const client = await connectToHome(home.endpoints);
  const listener = await mqtt.connectAsync(home.endpoints.mqtt.url);
  try {
    await client.callTool("run_scene", { scene: "good_morning", except: [BLINDS] });
    const shadowMessages = await countShadowMessages(listener);
    calls.length = 0;
    const startedAtMs = Date.now();
    const startedMs = performance.now();
    const answer = await client.callTool("run_scene", {
      scene: SCENE,
      // The slow run too ends within it, and what is measured is one whole call.
      wait_s: MOST_WAIT_SECONDS,
    });
    const seconds = Math.round(performance.now() - startedMs) / 1000;
    if (answer.result !== "done") {
      throw new Problem(`The house did not get ${SCENE} done: ${JSON.stringify(answer)}`);
    }
    return {
      startedAtMs,
      seconds,
      runId: String(answer.run_id),
      calls: [...calls],
      shadowMessages: await shadowMessages(),
    };
  } finally {
    await listener.endAsync();
    await client.close();
  }
};

const FENCE = "cell-size/fence";

/** Counts messages of shadows from now on, until it is asked. */
const countShadowMessages = async (
  listener: MqttClient,
): Promise<() => Promise<Readonly<Record<string, number>>>> => {
  const counts = new Map<string, number>();
  const fence = Promise.withResolvers<void>();
  listener.on("message", (topic) => {
    if (topic === FENCE) fence.resolve();
    const kind = /^\$aws\/things\/[^/]+\/shadow\/(.+)$/.exec(topic)?.[1];
    if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  });
  await listener.subscribeAsync(["$aws/things/+/shadow/#", FENCE], { qos: 1 });
  return async () => {
    // A broker hands one client its messages in order: what was sent before has come when this one has.
    await listener.publishAsync(FENCE, "", { qos: 1 });
    await fence.promise;
    return Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));
  };
};

const describeTables = async (
  home: RunningHome,
): Promise<ReadonlyMap<string, TableDescription>> => {
  const { endpoint, region, credentials } = home.stack.aws;
  const dynamoDb = new DynamoDBClient({ endpoint, region, credentials });
  const tables = new Map<string, TableDescription>();
  for (const TableName of Object.values(home.endpoints.aws.tables)) {
    const { Table = {} } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
    tables.set(TableName, Table);
  }
  dynamoDb.destroy();
  return tables;
};

const functionsOf = (
  invocations: readonly IdentifiedInvocation[],
  billedMs: ReadonlyMap<string, number>,
): MeasuredRun["functions"] => {
  const functions: Record<string, MeasuredRun["functions"][string]> = {};
  for (const { function: name, memoryMb, requestId } of invocations) {
    const billed = billedMs.get(requestId);
    if (billed === undefined) throw new Problem(`${name} reported no end of ${requestId}.`);
    const before = functions[name] ?? { invocations: 0, billedMs: 0 };
    functions[name] = {
      memoryMb,
      invocations: before.invocations + 1,
      billedMs: before.billedMs + billed,
    };
  }
  return functions;
};

const commitOf = (): string => {
  const git = (...args: readonly string[]): string =>
    execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  // What a house is made of; the page about cells is not.
  const parts = [":/functions", ":/infra", ":/workflows", ":(top,exclude)infra/aws/cells.md"];
  const isClean = git("status", "--porcelain", "--", ...parts) === "";
  return `${git("rev-parse", "--short=7", "HEAD")}${isClean ? "" : "+"}`;
};
