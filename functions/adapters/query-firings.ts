import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Firing, parseFiringRecord } from "#domain/audit/firing-record.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { OUTCOME_KEY, runKey, scheduleFiringsKey } from "#domain/home/keys.ts";
import { RUN_LIMIT_MS } from "#domain/run/run.ts";
import { isRunEnd, type RunEnd } from "#domain/run/run-result.ts";
import { queryPartition } from "./query-partition.ts";

type Client = Pick<DynamoDBClient, "send">;

/**
 * What became of a schedule's newest firings, the last first. A firing waits for no run, so that how a run ended is read
 * from the run's own record.
 */
export const queryFirings = async (
  client: Client,
  tableName: string,
  of: { readonly home: HomeId; readonly schedule: string; readonly newest: number },
): Promise<readonly Firing[]> => {
  const { home, schedule, newest } = of;
  const partition = scheduleFiringsKey(home, schedule);
  const items = await queryPartition(client, tableName, { partition, newest, home });
  return Promise.all(
    items.map(async (item) => {
      const firing = parseFiringRecord(item, home);
      const { kind, run, result, startedAt } = firing;
      if (kind !== "fired" || run === undefined || result !== undefined) return firing;
      const begun = { home, run, beganAtMs: Date.parse(startedAt) };
      return { ...firing, result: await queryRunEnd(client, tableName, begun) };
    }),
  );
};

/** How a run of the home ended, by its outcome; `failed` where none came in its time. */
export const queryRunEnd = async (
  client: Client,
  tableName: string,
  of: { readonly home: HomeId; readonly run: string; readonly beganAtMs: number },
): Promise<RunEnd | "running"> => {
  const partition = runKey(of.home, of.run);
  const ended = { partition, prefix: OUTCOME_KEY, home: of.home };
  const [outcome] = await queryPartition(client, tableName, ended);
  if (isRunEnd(outcome?.result)) return outcome.result;
  return Date.now() > of.beganAtMs + RUN_LIMIT_MS ? "failed" : "running";
};
