import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { knownEntries } from "../../../functions/seal-records/known-entries.ts";
import { sealPass } from "../../../functions/seal-records/seal-pass.ts";
import { MemoryLog, recordOf } from "./memory-log.ts";

// The sealer's pauses after a conflict.
vi.mock("node:timers/promises", () => ({
  setTimeout: () => new Promise((resolve) => setImmediate(resolve)),
}));

const AT_MS = Date.parse("2026-11-27T21:59:00Z");

const writeRun = (log: MemoryLog, home: string, run: number, at = AT_MS): void => {
  const id = `run_${String(run).padStart(20, "0")}`;
  log.write(...recordOf(home, id, "RUN", at));
  for (let device = 0; device < 14; device += 1) {
    log.write(...recordOf(home, id, `ACK#${home}-d${device}#0#7#${at + device}`, at + device));
  }
  log.write(...recordOf(home, id, "OUTCOME", at + 100));
};

// REQ: log-only-grows
describe("a pass", () => {
  test("seals the records of each home in its own log, oldest first, behind what the log says of itself", async () => {
    const log = new MemoryLog();
    writeRun(log, "a", 1);
    writeRun(log, "b", 2);
    log.write(
      { PK: "REFUSED#2026-11-27", SK: "21:59#00", recordedAt: AT_MS },
      { PK: { S: "REFUSED#2026-11-27" }, SK: { S: "21:59#00" } },
    );

    const report = await sealPass(log.tools());

    expect(report).toEqual({ sealed: 36, late: 0, unsealed: 0, lagMs: 60_000, failures: 0 });
    expect([...log.sealed].map(([name, { length }]) => [name, length])).toEqual([
      ["a", 17],
      ["b", 17],
      ["ALL", 2],
    ]);
    for (const name of ["a", "b", "ALL"]) expect(await log.faultsOf(name)).toEqual([]);
    const times = (log.sealed.get("a") ?? []).slice(1).map(({ key }) => key.recordedAt);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(new TextDecoder().decode(log.sealed.get("a")?.[0]?.leaf)).toContain(
      '"kind":"retention"',
    );
  });

  test("of an idle house reads, writes how far it is, and takes no lease", async () => {
    const log = new MemoryLog();
    writeRun(log, "a", 1);
    await sealPass(log.tools());
    log.nowMs += 20 * 60_000;
    await sealPass(log.tools());
    log.nowMs += 60_000;
    log.calls = 0;

    const report = await sealPass(log.tools());

    expect(report).toEqual({ sealed: 0, late: 0, unsealed: 0, lagMs: 0, failures: 0 });
    // Progress, the day's sixteen partitions, one of the look back with its receipts, progress again.
    expect(log.calls).toBe(20);
  });

  test("finds what was written while nothing sealed, however long that was", async () => {
    const log = new MemoryLog();
    writeRun(log, "a", 1);
    await sealPass(log.tools());
    writeRun(log, "a", 2, AT_MS + 3 * 86_400_000);
    log.nowMs += 6 * 86_400_000;

    const report = await sealPass(log.tools());

    expect(report).toMatchObject({ sealed: 16, late: 0, unsealed: 0 });
    expect(await log.faultsOf("a")).toEqual([]);
  });

  // REQ: seal-alarms
  test("looks back over the days before, and counts what no pass had found as late", async () => {
    const log = new MemoryLog();
    writeRun(log, "a", 1);
    await sealPass(log.tools());
    log.nowMs += 86_400_000;
    await sealPass(log.tools());
    const late = AT_MS - 60 * 60_000;
    log.write(...recordOf("a", "run_late", "ACK#a-lamp#0#9#1", late));

    let found = 0;
    for (let minute = 0; minute < 32; minute += 1) {
      log.nowMs += 60_000;
      found += (await sealPass(log.tools())).late;
    }

    // Its partition was looked at on that day already; the next day's look back has it, too.
    log.nowMs += 86_400_000 / 2;
    for (let minute = 0; minute < 32; minute += 1) {
      log.nowMs += 60_000;
      found += (await sealPass(log.tools())).late;
    }
    expect(found).toBe(1);
    expect(await log.faultsOf("a")).toEqual([]);
  });

  test("seals one log though another cannot be, says so, and does not go on beyond it", async () => {
    const log = new MemoryLog();
    writeRun(log, "a", 1);
    writeRun(log, "b", 2);
    const tools = log.tools();
    const { append } = tools.store;
    const store: typeof tools.store = {
      ...tools.store,
      append: (name, ...more) =>
        name === "a" ? Promise.reject(new Error("no")) : append(name, ...more),
    };

    const report = await sealPass({ ...tools, store });

    expect(report).toMatchObject({ sealed: 17, unsealed: 16, failures: 1, lagMs: 60_000 });
    expect(await log.faultsOf("b")).toEqual([]);
    log.nowMs += 60 * 60_000;
    expect(await sealPass(log.tools())).toMatchObject({ sealed: 17, unsealed: 0 });
    expect(await log.faultsOf("a")).toEqual([]);
  });

  test("leaves what it has no time for to the next", async () => {
    const log = new MemoryLog();
    writeRun(log, "a", 1);

    const report = await sealPass({ ...log.tools(), hasTime: () => false });

    expect(report).toMatchObject({ sealed: 0, unsealed: 16 });
    expect(await sealPass(log.tools())).toMatchObject({ sealed: 17, unsealed: 0 });
  });

  test("reads a log's entries and its head as often for many batches as for one", async () => {
    const log = new MemoryLog();
    for (let run = 0; run < 32; run += 1) writeRun(log, "a", run);

    const report = await sealPass(log.tools());

    expect(report).toMatchObject({ sealed: 513, unsealed: 0 });
    expect(log.transactions).toBe(11);
    expect(log.reads).toEqual({ head: 3, entries: 1 });
  });

  test("reads no entry that its process knows of the pass before, and finds what is new all the same", async () => {
    const log = new MemoryLog();
    writeRun(log, "a", 1);
    await sealPass(log.tools());
    log.nowMs += 60_000;
    writeRun(log, "a", 2, log.nowMs);

    const next = await sealPass(log.tools());
    log.nowMs += 60_000;
    const idle = await sealPass(log.tools());

    expect([next.sealed, idle.sealed]).toEqual([16, 0]);
    expect(log.reads.entries).toBe(1);
    expect(await log.faultsOf("a")).toEqual([]);
  });

  test("reads a log's entries again where another process has appended since", async () => {
    const log = new MemoryLog();
    writeRun(log, "a", 1);
    await sealPass(log.tools());
    const other = { ...log.tools(), known: knownEntries() };
    writeRun(log, "a", 2);
    await sealPass(other);
    writeRun(log, "a", 3);

    const report = await sealPass(log.tools());

    expect(report).toMatchObject({ sealed: 16, failures: 0 });
    expect(log.reads.entries).toBe(3);
    expect(log.overtaken).toBe(0);
    expect(await log.faultsOf("a")).toEqual([]);
  });

  test("passes over a record that is gone by now", async () => {
    const log = new MemoryLog();
    writeRun(log, "a", 1);
    const tools = log.tools();
    const { recordsSince } = tools;
    const gone = { PK: "HOME#a#RUN#gone", SK: "RUN", recordedAt: AT_MS };

    const report = await sealPass({
      ...tools,
      recordsSince: async (...query) => {
        const page = await recordsSince(...query);
        return query[0].endsWith("27#0") ? { ...page, keys: [gone, ...page.keys] } : page;
      },
    });

    expect(report).toMatchObject({ sealed: 17, unsealed: 0, failures: 0 });
    expect(await log.faultsOf("a")).toEqual([]);
  });
});

// REQ: log-only-grows
test("32 runs and five sealers at once: every record is sealed once, and with the lease nobody is overtaken", async () => {
  const log = new MemoryLog();
  for (let run = 0; run < 32; run += 1) writeRun(log, "a", run);

  await Promise.all(Array.from({ length: 5 }, () => sealPass(log.tools())));

  expect(await log.faultsOf("a")).toEqual([]);
  expect(log.sealed.get("a")).toHaveLength(513);
  expect(log.transactions).toBe(11);
  expect(log.overtaken).toBe(0);
  const tiles = (log.tiles.get("a") ?? []).map(({ tile, bytes }) => [tile, bytes.length]);
  expect(tiles).toEqual([
    [{ level: 0, index: 0, width: 256 }, 8192],
    [{ level: 0, index: 1, width: 256 }, 8192],
  ]);
});

test("without the lease five sealers overtake each other, and every record is sealed once all the same", async () => {
  const log = new MemoryLog();
  for (let run = 0; run < 8; run += 1) writeRun(log, "a", run);
  const free = () => {
    const tools = log.tools();
    return { ...tools, store: { ...tools.store, takeLease: async () => true } };
  };

  const reports = await Promise.all(Array.from({ length: 5 }, () => sealPass(free())));

  expect(reports.every(({ failures }) => failures === 0)).toBe(true);
  expect(await log.faultsOf("a")).toEqual([]);
  expect(log.sealed.get("a")).toHaveLength(129);
  expect(log.overtaken).toBeGreaterThan(0);
});

// REQ: head-signed-after
test.each(["before", "after"] as const)(
  "cut off %s each of its calls, and gone on with a minute later, a pass seals every record once and signs what is committed",
  async (when) => {
    const whole = new MemoryLog();
    const prepare = (log: MemoryLog): void => {
      log.progress = { sealedTo: AT_MS, lookedBackOn: "2026-11-27", lookedBack: 0 };
      for (let run = 0; run < 4; run += 1) writeRun(log, "a", run);
    };
    prepare(whole);
    await sealPass(whole.tools());

    const faults: string[] = [];
    for (let call = 1; call <= whole.calls; call += 1) {
      const log = new MemoryLog();
      prepare(log);
      log.breaksAt = { call, when };
      await sealPass(log.tools()).catch(() => undefined);
      // Nothing is signed that is not committed, at whichever moment.
      const signed = log.notes.get("a")?.size ?? 0;
      if (signed > (log.sealed.get("a")?.length ?? 0)) faults.push(`${call}: signed too much`);
      log.breaksAt = undefined;
      log.nowMs += 60_000;
      await sealPass(log.tools());
      faults.push(...(await log.faultsOf("a")).map((fault) => `${call}: ${fault}`));
    }

    // Two transactions, and all that is around them.
    expect([whole.transactions, whole.calls]).toEqual([2, 34]);
    expect(faults).toEqual([]);
  },
);

test("a record with whatever attributes is sealed as it is stored", async () => {
  const attribute: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.letrec<{
    value: Readonly<Record<string, unknown>>;
  }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.record({ S: fc.string({ unit: "grapheme" }) }),
      fc.record({ N: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) }),
      fc.record({ BOOL: fc.boolean() }),
      fc.record({ L: fc.array(tie("value"), { maxLength: 3 }) }),
      fc.record({ M: fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }) }),
    ),
  })).value;

  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.string({ minLength: 1 }), attribute, { maxKeys: 6 }),
      fc.string({ minLength: 1 }),
      async (more, sort) => {
        const log = new MemoryLog();
        log.write(...recordOf("a", "run_00000000000000000001", sort, AT_MS, more));

        await sealPass(log.tools());

        expect(await log.faultsOf("a")).toEqual([]);
      },
    ),
    { numRuns: 25 },
  );
});
