import { putRecord } from "#adapters/audit-table.ts";
import { requiredVariable } from "#adapters/environment.ts";
import { logger, observed } from "#adapters/observed.ts";
import { listHomes } from "#adapters/schedule-table.ts";
import { type SunRefresh, sunRefreshRecord } from "#domain/audit/sun-refresh-record.ts";
import { type HomeRefresh, refreshHome, type TableNames } from "./refresh-home.ts";

const tables: TableNames = {
  home: requiredVariable("HOME_TABLE_NAME"),
  audit: requiredVariable("AUDIT_TABLE_NAME"),
};

// A scheduler's API takes 250 calls a second in most regions, for all of an account; a home has a few, one after the other.
const AT_ONCE = 10;
/** A record is read by people. */
const MOST_FAILURES_KEPT = 50;

/**
 * Called once a day: places the coming days' single firings of every home, and does what schedule_scene could not. Called
 * again it places nothing twice. What a home itself is to blame for is recorded, and no reason to try again; anything
 * else is, once every other home has had its turn.
 */
export const handler = observed(async (): Promise<SunRefresh> => {
  const homes = await listHomes(tables.home);
  const done: HomeRefresh[] = [];
  const waiting = homes.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const home of waiting) done.push(await refreshHome(tables, home));
    }),
  );
  const failures = done.flatMap((one) => one.failures);
  const refresh: SunRefresh = {
    at: new Date().toISOString(),
    homes: homes.length,
    schedules: sum(done.map((one) => one.schedules)),
    placed: sum(done.map((one) => one.placed)),
    failures: failures.slice(0, MOST_FAILURES_KEPT).map(({ what }) => what),
  };
  await putRecord(tables.audit, sunRefreshRecord(refresh));
  logger.info("Refreshed", { ...refresh, failures: failures.length });
  const broken = failures.filter(({ isOfTheHome }) => !isOfTheHome);
  const [first] = broken;
  if (first !== undefined) {
    throw new Error(`${broken.length} schedules or homes could not be refreshed, ${first.what}`, {
      cause: first.error,
    });
  }
  return refresh;
});

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
