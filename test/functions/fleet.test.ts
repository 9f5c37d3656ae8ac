import { beforeEach, describe, expect, test, vi } from "vitest";
import { putRecord } from "#adapters/audit-table.ts";
import { type DayQuery, readDay, readMemberships } from "#adapters/fleet-tables.ts";
import type { Memberships } from "#domain/access/membership.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { dayShard, dayShards } from "#domain/home/keys.ts";
import { handler } from "../../functions/fleet/handler.ts";
import { lambdaContext } from "./lambda-context.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("HOME_TABLE_NAME", "home");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("RECORD_RETENTION_DAYS", "400");
});
vi.mock("#adapters/fleet-tables.ts", () => ({ readMemberships: vi.fn(), readDay: vi.fn() }));
vi.mock("#adapters/audit-table.ts", () => ({ putRecord: vi.fn() }));

type Item = Readonly<Record<string, unknown>>;

const DAY = "2026-11-27";
const A_MOMENT_AND_AN_ID: unknown = expect.stringMatching(
  /^2026-11-27T22:00:00\.000Z#[0-9a-f-]{36}$/,
);
const OPERATOR: Memberships = { homes: [], isOperatorOfAll: true };
const RESIDENT: Memberships = {
  homes: [{ home: parseHomeId("a"), role: "resident", name: "A" }],
  isOperatorOfAll: false,
};

/** The two records of a run that is done, or that of one that goes on. */
const recordsOf = (home: string, run: number, second: number, result?: string): readonly Item[] => {
  const id = `run_${String(run).padStart(20, "0")}`;
  const request = {
    PK: `HOME#${home}#RUN#${id}`,
    SK: "RUN",
    v: 1,
    home,
    dayShard: dayShard(parseHomeId(home), DAY),
    run: id,
    scene: "goodnight",
    requestedAt: new Date(Date.parse(`${DAY}T20:00:00Z`) + second * 1000).toISOString(),
  };
  return result === undefined ? [request] : [request, { ...request, SK: "OUTCOME", result }];
};

let stored: readonly Item[] = [];
const asked: unknown[] = [];

async function* pagesOf(shard: string, { upTo, limit = 1000 }: DayQuery) {
  const items = stored
    .filter(
      (one) => one.dayShard === shard && (upTo === undefined || String(one.requestedAt) <= upTo),
    )
    .toSorted((one, other) => (String(one.requestedAt) < String(other.requestedAt) ? 1 : -1));
  for (let from = 0; from === 0 || from < items.length; from += limit) {
    yield { items: items.slice(from, from + limit), isLast: from + limit >= items.length };
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(`${DAY}T22:00:00Z`), toFake: ["Date"] });
  asked.length = 0;
  vi.mocked(readMemberships).mockReset().mockResolvedValue(OPERATOR);
  vi.mocked(putRecord).mockReset().mockResolvedValue();
  // The index, as DynamoDB reads it: each partition newest first, a page at a time.
  vi.mocked(readDay)
    .mockReset()
    .mockImplementation((tableName, query) => {
      asked.push({ tableName, ...query });
      return dayShards(query.day).map((shard) => pagesOf(shard, query));
    });
  stored = [
    ...recordsOf("a", 1, 1, "done"),
    ...recordsOf("b", 2, 2, "failed"),
    ...recordsOf("a", 3, 7199),
  ];
});

const call = async (args: unknown, scopes = "smarthome-gateway/read"): Promise<Item> =>
  (await handler(
    args,
    lambdaContext({
      custom: {
        bedrockAgentCoreToolName: "fleet___list_fleet_runs",
        bedrockAgentCorePropagatedHeaders: {
          "x-caller-sub": "sub-olga",
          "x-caller-client-id": "client-web",
          "x-caller-username": "olga",
          "x-caller-scopes": scopes,
        },
      },
    }),
  )) as Item;

const codeIn = (answer: Item): unknown => (answer.error as Item | undefined)?.code;
const runsIn = (answer: Item): readonly Item[] => answer.runs as readonly Item[];
const pageIn = (answer: Item): string =>
  /"page":"([^"]+)"/.exec(String(answer.next))?.[1] ?? "no page";

describe("list_fleet_runs", () => {
  // REQ: fleet-apart
  test("shows today's runs of all homes, the newest first, and nothing else of them", async () => {
    expect(await call({})).toEqual({
      say: "3 runs in 2 homes on 2026-11-27 (UTC), newest first. There are no older ones.",
      day: "2026-11-27",
      runs: [
        {
          home: "a",
          run_id: "run_00000000000000000003",
          scene: "goodnight",
          result: "running",
          requested_at: "2026-11-27T21:59:59.000Z",
        },
        {
          home: "b",
          run_id: "run_00000000000000000002",
          scene: "goodnight",
          result: "failed",
          requested_at: "2026-11-27T20:00:02.000Z",
        },
        {
          home: "a",
          run_id: "run_00000000000000000001",
          scene: "goodnight",
          result: "done",
          requested_at: "2026-11-27T20:00:01.000Z",
        },
      ],
    });
  });

  test("shows only those of a result, and says so when there are none", async () => {
    expect(runsIn(await call({ result: "failed" })).map(({ home }) => home)).toEqual(["b"]);
    expect(runsIn(await call({ result: "running" })).map(({ home }) => home)).toEqual(["a"]);
    expect(await call({ result: "stopped" })).toEqual({
      say: "No runs with the result stopped on 2026-11-27 (UTC).",
      day: "2026-11-27",
      runs: [],
    });
  });

  test("asks for the day, and for no other", async () => {
    await call({ day: "2026-11-20" });

    expect(asked).toEqual([{ tableName: "audit", day: "2026-11-20", limit: 104 }]);
  });

  test.each([
    ["", {}, 230],
    [" of a result", { result: "done" }, 230],
  ])("the pages together are all runs%s, each once and in order", async (_, filter, total) => {
    // Three at a time in the same moment, so that pages end within moments.
    stored = Array.from({ length: total }, (_unused, run) =>
      recordsOf(`home${run % 5}`, run, Math.floor(run / 3), "done"),
    ).flat();

    const pages: (readonly Item[])[] = [];
    let answer = await call(filter);
    pages.push(runsIn(answer));
    while (answer.next !== undefined) {
      answer = await call({ ...filter, day: DAY, page: pageIn(answer) });
      pages.push(runsIn(answer));
    }

    const all = pages.flat();
    expect(pages.map(({ length }) => length)).toEqual([50, 50, 50, 50, 30]);
    expect(new Set(all.map(({ run_id }) => run_id)).size).toBe(230);
    const keys = all.map(({ requested_at, run_id }) => `${requested_at} ${run_id}`);
    expect(keys).toEqual(keys.toSorted().toReversed());
  });

  test("a page of another question is refused, before anything is recorded or read", async () => {
    stored = Array.from({ length: 51 }, (_, run) => recordsOf("a", run, run, "done")).flat();
    const page = pageIn(await call({}));
    vi.mocked(putRecord).mockClear();
    asked.length = 0;

    const answers = [
      await call({ day: "2026-11-26", page }),
      await call({ result: "done", page }),
      await call({ page: page.replace("20:00", "21:00") }),
      await call({ page: "2" }),
    ];

    expect(answers.map(codeIn)).toEqual(Array(4).fill("CursorInvalid"));
    expect(putRecord).not.toHaveBeenCalled();
    expect(asked).toEqual([]);
  });
});

describe("each page is a record first", () => {
  // REQ: visits-recorded
  test("of who looked, when, and at what", async () => {
    await call({ day: "2026-11-26", result: "failed" });

    expect(vi.mocked(putRecord).mock.calls).toEqual([
      [
        "audit",
        {
          PK: "FLEET#ACCESS#2026-11-27",
          SK: A_MOMENT_AND_AN_ID,
          v: 1,
          sub: "sub-olga",
          username: "olga",
          clientId: "client-web",
          role: "operator",
          tool: "list_fleet_runs",
          day: "2026-11-26",
          result: "failed",
          at: "2026-11-27T22:00:00.000Z",
        },
      ],
    ]);
  });

  // REQ: visits-recorded
  test("and without the record there is no answer, and nothing is read", async () => {
    vi.mocked(putRecord).mockRejectedValue(new Error("AccessDenied"));

    const answer = await call({});

    expect(codeIn(answer)).toBe("VisitNotRecorded");
    expect(JSON.stringify(answer)).not.toContain("AccessDenied");
    expect(asked).toEqual([]);
  });
});

describe("who does not look after every home", () => {
  test.each<[string, Memberships]>([
    ["a resident", RESIDENT],
    [
      "an operator of one home",
      { ...RESIDENT, homes: [{ home: parseHomeId("a"), role: "operator", name: "A" }] },
    ],
    ["somebody without a home", { homes: [], isOperatorOfAll: false }],
  ])("%s is refused, before anything is recorded or read", async (_, memberships) => {
    vi.mocked(readMemberships).mockResolvedValue(memberships);

    const answer = await call({}, "smarthome-gateway/read smarthome-gateway/write");

    expect(codeIn(answer)).toBe("NotAllowed");
    expect(putRecord).not.toHaveBeenCalled();
    expect(asked).toEqual([]);
  });

  test("a token without the scope is refused before anybody's homes are read", async () => {
    expect(codeIn(await call({}, ""))).toBe("NotAllowed");
    expect(readMemberships).not.toHaveBeenCalled();
  });
});
