import { cpSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { parseThingPrefix } from "#domain/home/home-place.ts";
import { generatedLights } from "#house/simulated/generated-lights.ts";
import { startHouse } from "#house/simulated/house.ts";
import { openAudit } from "../../../scripts/audit/audit-reader.ts";
import { listRuns } from "../../../scripts/audit/list-runs.ts";
import { connectToHome } from "../../../scripts/command/home-client.ts";
import { startHome } from "../../../scripts/start/start-home.ts";
import { AT_HOME } from "../../support/at-home.ts";
import { fillHouse, runIdOf } from "../fill/audit-house.ts";

const LIGHTS = 10;
const SCENE = "all_off";
const PAGE = 50;
// The newest runs that have all their acknowledgements; one of them is looked at.
const WHOLE = 100;
// Far more than a quiet machine takes for 100,000.
const FILL_SECONDS = 240;
const DAY_MS = 24 * 60 * 60 * 1000;

const { home } = AT_HOME;
const thingPrefix = parseThingPrefix("");
const lights = generatedLights({ home, thingPrefix }, LIGHTS);

/** Writes the file of a home with ten lights and a scene that turns them off. */
export const writeHomeFile = (file: string): void => {
  const wanted = Object.fromEntries(lights.map(({ id }) => [id, { light: { on: false } }]));
  const stages = [{ name: "all off", devices: wanted }];
  const scenes = [{ id: SCENE, name: "All off", version: 1, stages }];
  writeFileSync(file, JSON.stringify({ devices: lights, scenes }));
};

/** What a house is started with. */
export interface StartedWith {
  readonly assembly: string;
  readonly homeFile: string;
}

/** Starts a house on a folder. */
export const startOn = ({ assembly, homeFile }: StartedWith, data: string) =>
  startHome({
    assembly: async () => assembly,
    data,
    ports: { gateway: 0, cognito: 0, aws: 0, console: 0, mqtt: 0 },
    homeFile,
    log: () => undefined,
  });

/** What a house is asked, by what it is called. */
export type Question =
  | "list: the newest 50 of a week"
  | "list: page after page of a week"
  | "one run"
  | "a scene of 10 lights";

/** A house that is up, with so many runs in its tables. */
export interface FilledHouse {
  /** As many as there was time for. */
  readonly runs: number;
  readonly ask: Readonly<Record<Question, (round: number) => Promise<void>>>;
  close(): Promise<void>;
}

/** Fills a copy of an empty house's folder with so many runs over 390 days, and starts it; its lights answer at once. */
export const openFilledHouse = async (
  started: StartedWith,
  {
    empty,
    data,
    auditTable,
    runs,
  }: {
    readonly empty: string;
    readonly data: string;
    readonly auditTable: string;
    readonly runs: number;
  },
): Promise<FilledHouse> => {
  const nowMs = Date.now();
  cpSync(empty, data, { recursive: true });
  const filled = fillHouse(join(data, "dynamodb.sqlite"), {
    auditTable,
    runs,
    whole: WHOLE,
    nowMs,
    seconds: FILL_SECONDS,
  });
  const running = await startOn(started, data);
  await running.house.close();
  const { mqtt } = running.endpoints;
  const devices = await startHouse({ mqttUrl: mqtt.url, devices: lights, latencyMs: () => 0 });
  const client = await connectToHome(running.endpoints);
  const dynamoDb = new DynamoDBClient(running.stack.aws);
  const audit = openAudit({ dynamoDb, auditTable, thingPrefix }, home);
  const period = {
    since: new Date(nowMs - 7 * DAY_MS).toISOString(),
    until: new Date(nowMs).toISOString(),
  };
  const list = (page?: string) => {
    const asked = { home, period, filter: {}, most: PAGE };
    return listRuns(audit, page === undefined ? asked : { ...asked, page });
  };
  const call = async (tool: string, args: Readonly<Record<string, unknown>>): Promise<void> => {
    const answer = await client.callTool(tool, args);
    if (answer.result !== "done" && answer.result !== "partly_done") {
      throw new Error(`${tool}: ${JSON.stringify(answer)}`);
    }
  };
  let older: string | undefined;
  return {
    runs: filled,
    ask: {
      "list: the newest 50 of a week": async () => {
        await list();
      },
      "list: page after page of a week": async () => {
        older = (await list(older)).older;
      },
      "one run": (round) => call("get_run", { run_id: runIdOf(runs - 1 - (round % 10)) }),
      "a scene of 10 lights": () => call("run_scene", { scene: SCENE }),
    },
    close: async () => {
      dynamoDb.destroy();
      await client.close();
      await devices.close();
      await running.close();
    },
  };
};

const bytesIn = (path: string): number =>
  statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0)
    : statSync(path).size;

/** Bytes of a folder's databases and of its logs. */
export const sizeOf = (data: string): { readonly databases: number; readonly logs: number } => ({
  databases: readdirSync(data)
    .filter((name) => name.includes(".sqlite"))
    .reduce((sum, name) => sum + bytesIn(join(data, name)), 0),
  logs: bytesIn(join(data, "logs")),
});
