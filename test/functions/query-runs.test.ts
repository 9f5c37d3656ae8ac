import type { QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, test } from "vitest";
import { queryRuns, type RunQuery } from "#adapters/audit/query-runs.ts";
import type { ListPosition } from "#domain/audit/listed-run.ts";
import { AT_HOME } from "../support/at-home.ts";

type Item = Readonly<Record<string, unknown>> & { readonly requestedAt: string };

/** Runs of two days, three at a time in the same moment, each with its request and its outcome. */
const runsOfTwoDays = (total: number): readonly Item[] =>
  Array.from({ length: total }, (_, at) => {
    const id = `run_${String(at).padStart(20, "0")}`;
    const day = at < total / 2 ? "2026-11-26" : "2026-11-27";
    const second = String(Math.floor(at / 3) % 60).padStart(2, "0");
    const minute = String(Math.floor(at / 180)).padStart(2, "0");
    const both = {
      PK: `HOME#home#RUN#${id}`,
      v: 1,
      homeDay: `home#${day}`,
      run: id,
      scene: at % 2 === 0 ? "goodnight" : "away",
      requestedAt: `${day}T20:${minute}:${second}.000Z`,
    };
    return [
      { ...both, SK: "RUN", caller: { sub: "s", clientId: "c", username: "alice" } },
      { ...both, SK: "OUTCOME", result: "done", deviceCount: 1, confirmedCount: 1 },
    ];
  }).flat();

/** The index byHomeDay, a page of seven items at a time, so that pages end within moments and within runs. */
const indexOf = (items: readonly Item[]) => {
  let asked = 0;
  const send = ({ input }: QueryCommand) => {
    asked += 1;
    const values = input.ExpressionAttributeValues ?? {};
    const text = (name: string): string => values[name]?.S ?? "";
    const fitting = items
      .filter(({ homeDay }) => homeDay === text(":day"))
      .filter(({ requestedAt: at }) => text(":since") <= at && at <= text(":until"))
      .toSorted((one, other) => (one.requestedAt < other.requestedAt ? 1 : -1));
    const from = Number(input.ExclusiveStartKey?.at?.N ?? 0);
    const page = fitting.slice(from, from + 7);
    return Promise.resolve({
      Items: page.map((item) => marshall(item)),
      ...(from + 7 < fitting.length ? { LastEvaluatedKey: { at: { N: String(from + 7) } } } : {}),
    });
  };
  return {
    client: { send } as unknown as Parameters<typeof queryRuns>[0],
    asked: () => asked,
  };
};

const QUERY: RunQuery = {
  home: AT_HOME.home,
  since: "2026-11-26T00:00:00.000Z",
  until: "2026-11-27T23:59:59.999Z",
  filter: {},
  most: 10,
};

const allPages = async (items: readonly Item[], query: RunQuery): Promise<readonly string[][]> => {
  const { client } = indexOf(items);
  const pages: string[][] = [];
  let after: ListPosition | undefined;
  do {
    const { runs, hasMore } = await queryRuns(client, "t", {
      ...query,
      ...(after === undefined ? {} : { after }),
    });
    pages.push(runs.map(({ requestedAt, run }) => `${requestedAt} ${run}`));
    after = hasMore ? runs.at(-1) : undefined;
  } while (after !== undefined);
  return pages;
};

describe("the pages of a home's runs", () => {
  test.each([
    ["", {}, 100],
    [" of a scene", { scene: "away" }, 50],
  ])("together are all runs%s, each once and newest first", async (_, filter, total) => {
    const pages = await allPages(runsOfTwoDays(100), { ...QUERY, filter });

    const all = pages.flat();
    expect(all).toHaveLength(total);
    expect(new Set(all).size).toBe(total);
    expect(all).toEqual(all.toSorted().toReversed());
    expect(pages.slice(0, -1).every(({ length }) => length === 10)).toBe(true);
  });

  test("are read no further than they are full", async () => {
    const { client, asked } = indexOf(runsOfTwoDays(100));

    await queryRuns(client, "t", { ...QUERY, most: 3 });

    expect(asked()).toBeLessThanOrEqual(2);
  });

  test("hold nothing of before or after the period", async () => {
    const { client } = indexOf(runsOfTwoDays(100));

    const { runs } = await queryRuns(client, "t", {
      ...QUERY,
      since: "2026-11-27T20:00:20.000Z",
      until: "2026-11-27T20:00:21.000Z",
      most: Number.POSITIVE_INFINITY,
    });

    expect(new Set(runs.map(({ requestedAt }) => requestedAt.slice(17, 19)))).toEqual(
      new Set(["20", "21"]),
    );
  });
});
