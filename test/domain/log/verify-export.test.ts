import { describe, expect, test } from "vitest";
import { recordLine } from "#domain/log/exported-records.ts";
import { type Item, recordHashOf } from "#domain/log/leaf.ts";
import { bundleBytes, bundleEntries } from "#domain/log/tiles.ts";
import {
  type AnExport,
  entriesOf,
  exportOf,
  faultsOf,
  filesOf,
  headOf,
  saltOf,
  verdictOn,
} from "./an-export.ts";
import { sha256, signerOf } from "./ed25519.ts";
import {
  acknowledgement,
  CHANGE,
  EVENING,
  erasure,
  LOOK,
  outcome,
  RETENTION,
  refusal,
  request,
  SCHEDULE,
  sentAgain,
  UNKNOWN,
} from "./house-records.ts";

const DAY_MS = 86_400_000;

// A record of every form: entries 0 to 9.
const ASKED = request("r1");
const ANSWERED = acknowledgement("r1", "home-hall_lamp", 7);
const EVERY_FORM: readonly Item[] = [
  RETENTION,
  ASKED,
  ANSWERED,
  outcome("r1", [recordHashOf(sha256, ASKED), recordHashOf(sha256, ANSWERED)]),
  LOOK,
  refusal(1),
  CHANGE,
  SCHEDULE,
  erasure([], "nobody"),
  UNKNOWN,
];

const refusals = (count: number): readonly Item[] =>
  Array.from({ length: count }, (_, number) => refusal(number));

/** Every way to change one value somewhere in an item, and the path to it. */
const changesOf = function* (value: unknown, path = ""): Generator<readonly [string, unknown]> {
  if (typeof value === "string") yield [path, `${value}0`];
  else if (typeof value === "boolean") yield [path, !value];
  else if (Array.isArray(value)) {
    const members: readonly unknown[] = value;
    yield [`${path}+`, [...members, { S: "more" }]];
    for (const [at, member] of members.entries()) {
      for (const [where, changed] of changesOf(member, `${path}[${at}]`)) {
        yield [where, members.with(at, changed)];
      }
    }
  } else if (typeof value === "object" && value !== null) {
    yield [`${path}+`, { ...value, more: { S: "more" } }];
    for (const [name, member] of Object.entries(value)) {
      const { [name]: _, ...rest } = value as Record<string, unknown>;
      yield [`${path}.${name}-`, rest];
      for (const [where, changed] of changesOf(member, `${path}.${name}`)) {
        yield [where, { ...value, [name]: changed }];
      }
    }
  }
};

const lineOf = (item: unknown, index: number): string =>
  recordLine(item as Item, { index, salt: saltOf(index) });

describe("an export that nobody touched is whole", () => {
  // REQ: audit-log-proved
  test("with a record of every form, and says what is proved and what is not", async () => {
    const exported = await exportOf(EVERY_FORM);
    exported.older = [exported.headAt(4)];

    const verdict = await verdictOn(exported);

    expect(verdict.faults).toEqual([]);
    expect(verdict.proved).toEqual([
      "10 entries of smarthome.home are as the head says: since it was signed none was changed, removed, inserted or reordered.",
      "10 records are, attribute by attribute, what was sealed.",
      "The log begins as 1 head that was seen before says.",
    ]);
    expect(verdict.notProved).toEqual([
      "That everything that happened was written: no log shows what was never recorded.",
      "That no record was changed or removed before it was sealed, within about a minute; of runs, what an outcome was judged by is missed.",
      "That the clocks were right by which records were written and sealed.",
      "That devices told the truth.",
    ]);
  });

  test.each([0, 1, 255, 256, 257, 513])("with %i entries", async (size) => {
    const exported = await exportOf(refusals(size));
    exported.older = [0, 1, 200, 256].filter((older) => older <= size).map(exported.headAt);

    const verdict = await verdictOn(exported);

    expect(verdict.faults).toEqual([]);
    expect(verdict.counts?.proved).toBe(size);
  });

  test("when a run's outcome was judged by what was sent again, too", async () => {
    const evidence = [request("r1"), sentAgain("r1"), acknowledgement("r1", "home-hall_lamp", 7)];
    const judgedBy = evidence.map((record) => recordHashOf(sha256, record));
    const exported = await exportOf([...evidence, outcome("r1", judgedBy)]);

    expect(await faultsOf(exported)).toEqual([]);
  });

  test("when its records come in any order", async () => {
    const exported = await exportOf(EVERY_FORM);
    exported.lines.reverse();

    expect(await faultsOf(exported)).toEqual([]);
  });

  test("when full tiles stand where partial ones are asked for", async () => {
    const longer = await exportOf(refusals(256));
    const exported = {
      ...longer,
      checkpoint: longer.headAt(200),
      lines: longer.lines.slice(0, 200),
    };
    const tile = (await filesOf(longer.entries.slice(0, 200))).get("tile/0/000.p/200");

    expect(tile).toHaveLength(6400);
    expect(await faultsOf(exported)).toEqual([]);
  });
});

describe("a record that was changed is named", () => {
  const NAMES = [
    "Entry 0 (retention, sealed 2026-11-27T22:46:00.000Z): its record HOME#home#RETENTION/2026-11-27T22:45:00.000Z was changed.",
    "Entry 1 (request, sealed 2026-11-27T22:46:00.000Z): its record HOME#home#RUN#r1/RUN was changed.",
    "Entry 2 (acknowledgement, sealed 2026-11-27T22:46:00.000Z): its record HOME#home#RUN#r1/ACK#home-hall_lamp#1#7 was changed.",
    "Entry 3 (outcome, sealed 2026-11-27T22:46:00.000Z): its record HOME#home#RUN#r1/OUTCOME was changed.",
    "Entry 4 (look, sealed 2026-11-27T22:46:00.000Z): its record HOME#home#ACCESS#2026-11/2026-11-27T22:45:04.000Z#k3 was changed.",
    "Entry 5 (refusal, sealed 2026-11-27T22:46:00.000Z): its record REFUSED#2026-11-27/22:45#0000000000000001 was changed.",
    "Entry 6 (change, sealed 2026-11-27T22:46:00.000Z): its record HOME#home#CHANGE#2026-11/2026-11-27T22:45:06.000Z#home-front_door#12 was changed.",
    "Entry 7 (schedule, sealed 2026-11-27T22:46:00.000Z): its record HOME#home#SCHEDULE#evening/2026-11-27T22:45:07.000Z was changed.",
    "Entry 8 (erasure, sealed 2026-11-27T22:46:00.000Z): its record HOME#home#ERASURE#2026-11/2026-11-27T22:45:08.000Z was changed.",
    "Entry 9 (record, sealed 2026-11-27T22:46:00.000Z): its record HOME#home#SWEEP#2026-11/2026-11-27T22:45:09.000Z was changed.",
  ];

  test.each(NAMES.map((sentence, entry) => ({ entry, sentence })))(
    "whatever attribute it is, entry $entry",
    async ({ entry, sentence }) => {
      const whole = await exportOf(EVERY_FORM);
      const unnoticed: string[] = [];
      let changes = 0;

      for (const [path, changed] of changesOf(EVERY_FORM[entry])) {
        changes += 1;
        const lines = whole.lines.with(entry, lineOf(changed, entry));
        const [first = "nothing"] = await faultsOf({ ...whole, lines });
        // A changed key is told by the key that now stands there.
        const expected = /^\.(PK|SK)/.test(path)
          ? /^Entry \d \([a-z]+, .*\): its record .* was changed\.$/
          : sentence;
        if (typeof expected === "string" ? first !== expected : !expected.test(first)) {
          unnoticed.push(`${path}: ${first}`);
        }
      }

      expect(unnoticed).toEqual([]);
      expect(changes).toBeGreaterThan(10);
    },
  );

  test("and so is one whose salt was changed", async () => {
    const exported = await exportOf(EVERY_FORM);
    exported.lines[4] = recordLine(LOOK, { index: 4, salt: saltOf(5) });

    expect((await faultsOf(exported))[0]).toBe(NAMES[4]);
  });

  test("and what a terminal would obey is not in the sentence", async () => {
    const exported = await exportOf(EVERY_FORM);
    exported.lines[4] = lineOf({ ...LOOK, SK: { S: "\u001b[2J\u202ek3" } }, 4);

    expect(await faultsOf(exported)).toEqual([
      "Entry 4 (look, sealed 2026-11-27T22:46:00.000Z): its record HOME#home#ACCESS#2026-11/\ufffd[2J\ufffdk3 was changed.",
    ]);
  });
});

describe("records that were removed, inserted or reordered are named", () => {
  test.each([
    [
      "one",
      (lines: string[]) => lines.toSpliced(4, 1),
      ["Entry 4 (look, sealed 2026-11-27T22:46:00.000Z): its record was removed."],
    ],
    [
      "two in a row",
      (lines: string[]) => lines.toSpliced(4, 2),
      ["Entries 4 and 5: their records were removed."],
    ],
    [
      "the last ones",
      (lines: string[]) => lines.toSpliced(7, 3),
      ["Entries 7 to 9: their records were removed."],
    ],
    [
      "one that says it is an entry's",
      (lines: string[]) => [lineOf(refusal(66), 4), ...lines],
      [
        "Entry 4 (look, sealed 2026-11-27T22:46:00.000Z): the record REFUSED#2026-11-27/22:45#0000000000000066 was inserted, for the entry has its own.",
      ],
    ],
    [
      "one that says it is behind the last entry",
      (lines: string[]) => [
        ...lines,
        lineOf({ ...refusal(66), recordedAt: { N: String(EVENING - 600_000) } }, 10),
      ],
      [
        "The record REFUSED#2026-11-27/22:45#0000000000000066 is not sealed, 12 minutes after it was written: it was inserted, or the sealer stands still.",
      ],
    ],
    [
      "one that says nothing",
      (lines: string[]) => [
        ...lines,
        recordLine({ ...refusal(66), recordedAt: { N: String(EVENING - 600_000) } }),
      ],
      [
        "The record REFUSED#2026-11-27/22:45#0000000000000066 is not sealed, 12 minutes after it was written: it was inserted, or the sealer stands still.",
      ],
    ],
    [
      "two that are swapped, with their salts",
      (lines: string[]) =>
        lines
          .with(4, recordLine(refusal(1), { index: 4, salt: saltOf(5) }))
          .with(5, recordLine(LOOK, { index: 5, salt: saltOf(4) })),
      [
        "Entry 4 (look, sealed 2026-11-27T22:46:00.000Z): the record REFUSED#2026-11-27/22:45#0000000000000001 stands here, and belongs to entry 5.",
        "Entry 5 (refusal, sealed 2026-11-27T22:46:00.000Z): the record HOME#home#ACCESS#2026-11/2026-11-27T22:45:04.000Z#k3 stands here, and belongs to entry 4.",
      ],
    ],
    [
      "a line that is no record",
      (lines: string[]) => lines.with(4, "{"),
      [
        "Line 5 of the records cannot be read: it is not JSON.",
        "Entry 4 (look, sealed 2026-11-27T22:46:00.000Z): its record was removed.",
      ],
    ],
    [
      "a line with half a character",
      (lines: string[]) => lines.with(4, lineOf({ ...LOOK, tool: { S: "\ud800" } }, 4)),
      [
        "The record HOME#home#ACCESS#2026-11/2026-11-27T22:45:04.000Z#k3 cannot be read: a value in it has no canonical JSON.",
        "Entry 4 (look, sealed 2026-11-27T22:46:00.000Z): its record was removed.",
      ],
    ],
  ])("%s", async (_, spoil, sentences) => {
    const exported = await exportOf(EVERY_FORM);
    exported.lines = spoil(exported.lines);

    expect(await faultsOf(exported)).toEqual(sentences);
  });
});

/** The entries of the log replaced by others, with or without the tiles that they would have. */
const withEntries = async (
  exported: AnExport,
  entries: readonly Uint8Array[],
  tilesToo = false,
): Promise<AnExport> => {
  const files = await filesOf(entries);
  for (const [path, bytes] of files) {
    if (tilesToo || path.startsWith("tile/entries/")) exported.files.set(path, bytes);
  }
  return exported;
};

describe("entries that were changed, removed, inserted or reordered are named", () => {
  const other = entriesOf([LOOK])[0] ?? new Uint8Array();

  test.each([
    [
      "one that was changed",
      (entries: readonly Uint8Array[]) => entries.with(300, other),
      "Entry 300 (look, sealed 2026-11-27T22:46:00.000Z) was changed.",
    ],
    [
      "one that was removed",
      (entries: readonly Uint8Array[]) => entries.toSpliced(300, 1),
      "Entry 300 was removed.",
    ],
    [
      "two in a row that were removed",
      (entries: readonly Uint8Array[]) => entries.toSpliced(254, 2),
      "Entries 254 and 255 were removed.",
    ],
    [
      "one that was inserted",
      (entries: readonly Uint8Array[]) => entries.toSpliced(300, 0, other),
      "An entry was inserted before entry 300.",
    ],
    [
      "three that were inserted",
      (entries: readonly Uint8Array[]) => entries.toSpliced(255, 0, other, other, other),
      "3 entries were inserted before entry 255.",
    ],
    [
      "two that were swapped",
      (entries: readonly Uint8Array[]) =>
        entries.with(255, entries[256] ?? other).with(256, entries[255] ?? other),
      "Entries 255 and 256 were put in each other's place.",
    ],
  ])("%s", async (_, spoil, sentence) => {
    const whole = await exportOf(refusals(600));
    // A file that is not replaced would be a fault of its own.
    const exported = await withEntries(whole, spoil(whole.entries));
    if (!exported.files.has("tile/entries/002.p/88"))
      throw new Error("88 entries are in the last bundle");

    const { faults } = await verdictOn(exported);

    expect(faults.find(({ entry }) => entry !== undefined)?.sentence).toBe(sentence);
  });

  test("in a file of its own, and nothing else is said", async () => {
    const exported = await exportOf(refusals(257));
    const bundle = bundleEntries(exported.files.get("tile/entries/000") ?? new Uint8Array());
    exported.files.set("tile/entries/000", bundleBytes(bundle.toSpliced(17, 1)));
    exported.lines.splice(17, 1);

    expect(await faultsOf(exported)).toEqual(["Entry 17 was removed."]);
  });

  test("an entry that is not of the form, though tiles and head have it", async () => {
    const whole = await exportOf(refusals(3));
    const entries = whole.entries.with(1, new TextEncoder().encode('{"v":2}'));
    const exported = { ...whole, checkpoint: headOf(entries), files: await filesOf(entries) };

    expect(await faultsOf(exported)).toEqual([
      "Entry 1 cannot be read: it is not of the form {at, commit, kind, v}.",
    ]);
  });

  test("an entry that was sealed earlier than the one before it", async () => {
    const whole = await exportOf([...refusals(48), refusal(48), refusal(49)]);
    const entries = [
      ...whole.entries.slice(0, 47),
      ...whole.entries.slice(47, 49).reverse(),
      ...whole.entries.slice(49),
    ];
    const exported = { ...whole, checkpoint: headOf(entries), files: await filesOf(entries) };

    expect(await faultsOf(exported)).toContain(
      "Entry 48 (refusal, sealed 2026-11-27T22:46:00.000Z) was sealed earlier than the entry before it.",
    );
  });

  test("with the tiles, and a head that was seen before tells where", async () => {
    const whole = await exportOf(refusals(600));
    const exported = await withEntries(whole, whole.entries.with(300, other), true);
    exported.older = [exported.headAt(280), exported.headAt(400)];

    const { faults } = await verdictOn(exported);

    expect(faults[0]?.sentence).toMatch(
      /^The root of the 600 entries is \S{44}; the head says \S{44}: of entries 280 to 399, some were changed, and the tiles with them\.$/,
    );
    expect(faults[1]?.sentence).toBe(
      "The log was forked: its first 400 entries are not those of a head that was seen before.",
    );
    expect(faults.at(-1)?.sentence).toBe(
      "Entry 300 (look, sealed 2026-11-27T22:46:00.000Z): its record REFUSED#2026-11-27/22:45#0000000000000300 was changed.",
    );
  });
});

describe("files that were spoilt are named", () => {
  test.each([
    [
      "a tile that was changed",
      "tile/0/001",
      (bytes: Uint8Array) => bytes.with(44 * 32, 1),
      [
        "tile/0/001 was changed: its hashes are not those of entries 256 to 511, which are as the head says.",
      ],
    ],
    [
      "a tile of entries that are the last ones",
      "tile/0/002.p/88",
      (bytes: Uint8Array) => bytes.with(0, bytes.at(0) === 1 ? 2 : 1),
      [
        "tile/0/002.p/88 was changed: its hashes are not those of entries 512 to 599, which are as the head says.",
      ],
    ],
    [
      "a tile above that was changed",
      "tile/1/000.p/2",
      (bytes: Uint8Array) => bytes.with(32, bytes.at(32) === 1 ? 2 : 1),
      [
        "tile/1/000.p/2 was changed, or what is below it: its hash 1 is not that of entries 256 to 511.",
      ],
    ],
    [
      "a tile that lacks a byte",
      "tile/0/001",
      (bytes: Uint8Array) => bytes.slice(1),
      ["tile/0/001 was changed: tile/0/001 has 8191 bytes, not 8192."],
    ],
    ["a tile that is missing", "tile/0/001", () => undefined, ["tile/0/001 is missing."]],
    [
      "a tile above that is missing",
      "tile/1/000.p/2",
      () => undefined,
      ["tile/1/000.p/2 is missing."],
    ],
    [
      "entries that are missing",
      "tile/entries/001",
      () => undefined,
      ["Entries 256 to 511 cannot be checked: tile/entries/001 is missing."],
    ],
    [
      "entries that are cut off",
      "tile/entries/002.p/88",
      (bytes: Uint8Array) => bytes.slice(0, -1),
      ["Entries 512 to 599 cannot be checked: tile/entries/002.p/88 is cut off in its last entry."],
    ],
  ])("%s", async (_, path, spoil, sentences) => {
    const exported = await exportOf(refusals(600));
    const spoilt = spoil(exported.files.get(path) ?? new Uint8Array());
    if (spoilt === undefined) exported.files.delete(path);
    else exported.files.set(path, spoilt);

    expect(await faultsOf(exported)).toEqual(sentences);
  });

  test("a bundle and its tile that are both missing end the check", async () => {
    const exported = await exportOf(refusals(257));
    exported.files.delete("tile/entries/001.p/1");
    exported.files.delete("tile/0/001.p/1");

    expect((await faultsOf(exported)).slice(0, 2)).toEqual([
      "tile/0/001.p/1 is missing.",
      "Entry 256 cannot be checked: tile/entries/001.p/1 is missing.",
    ]);
  });
});

describe("a head that is not to be trusted is named", () => {
  const exchanged = signerOf("smarthome.home", 8);

  test.each([
    [
      "one that was edited",
      (head: string) => head.replace("\n10\n", "\n9\n"),
      "The head was changed: it does not bear the signature of the pinned key c1eb807c.",
    ],
    [
      "one that another key signed",
      () => headOf(entriesOf(EVERY_FORM), exchanged),
      "The head is signed by the key 49fc62ec, not by the pinned key c1eb807c.",
    ],
    [
      "one of another home",
      () => headOf(entriesOf(EVERY_FORM), signerOf("smarthome.villa", 7)),
      "The head is of the log smarthome.villa, not of smarthome.home.",
    ],
    [
      "one without signatures",
      (head: string) => head.slice(0, head.indexOf("—")),
      "The head cannot be read: The note is not a text, an empty line and lines of signatures.",
    ],
    [
      "none",
      () => "",
      "The head cannot be read: The note is not a text, an empty line and lines of signatures.",
    ],
  ])("%s", async (_, spoil, sentence) => {
    const exported = await exportOf(EVERY_FORM);
    exported.checkpoint = spoil(exported.checkpoint);

    expect((await faultsOf(exported))[0]).toBe(sentence);
  });

  test("and a key that was pinned for another log", async () => {
    const exported = { ...(await exportOf(EVERY_FORM)), key: exchanged.key };

    expect(await faultsOf(exported)).toEqual([
      "The head is signed by the key c1eb807c, not by the pinned key 49fc62ec.",
    ]);
  });

  test("and a log that was begun with another key", async () => {
    const begun = { ...RETENTION, vkey: { S: "smarthome.home+00000000+AQ==" } };
    const exported = await exportOf([begun]);

    expect(await faultsOf(exported)).toEqual([
      "Entry 0 (retention, sealed 2026-11-27T22:46:00.000Z): the log says that its heads are signed by another key.",
    ]);
  });
});

describe("a head that was seen before finds", () => {
  test("a tail that was cut off, though a genuine head fits what is left", async () => {
    const whole = await exportOf(refusals(300));
    const shorter = await exportOf(refusals(257));
    shorter.older = [whole.checkpoint];

    expect(await faultsOf(shorter)).toEqual([
      "The log was cut off: a head that was seen before has 300 entries, this one has 257.",
    ]);
  });

  test("a log that was written anew and signed with the genuine key", async () => {
    const whole = await exportOf(refusals(300));
    const forked = await exportOf(refusals(300).with(17, LOOK));
    forked.older = [whole.headAt(17), whole.headAt(18), whole.checkpoint];

    expect(await faultsOf(forked)).toEqual([
      "The log was forked: its first 18 entries are not those of a head that was seen before.",
      "The log was forked: a head that was seen before has another root for the same 300 entries.",
    ]);
  });

  test("nothing when it is not signed itself", async () => {
    const exported = await exportOf(refusals(3));
    exported.older = [exported.headAt(2).replace("\n2\n", "\n1\n")];

    expect(await faultsOf(exported)).toEqual([
      "The older head was changed: it does not bear the signature of the pinned key c1eb807c.",
    ]);
  });
});

describe("records may be missing", () => {
  test("when a later entry says that they were erased, and why", async () => {
    const exported = await exportOf([
      RETENTION,
      LOOK,
      refusal(1),
      erasure([1, 2], "asked by 5a0c"),
    ]);
    exported.lines.splice(1, 2);

    const verdict = await verdictOn(exported);

    expect(verdict.faults).toEqual([]);
    expect(verdict.proved).toContain(
      "2 records were erased, and a later entry says so: asked by 5a0c.",
    );
  });

  test("of a run that was erased as a whole", async () => {
    const exported = await exportOf([
      ...EVERY_FORM.slice(0, 4),
      erasure([1, 2, 3], "asked by 5a0c"),
    ]);
    exported.lines.splice(1, 3);

    expect(await faultsOf(exported)).toEqual([]);
  });

  test("but not when the entry that says so was there before them", async () => {
    const exported = await exportOf([RETENTION, erasure([2], "asked"), LOOK]);
    exported.lines.pop();

    expect(await faultsOf(exported)).toEqual([
      "Entry 2 (look, sealed 2026-11-27T22:46:00.000Z): its record was removed.",
    ]);
  });

  test("but not what says why others are missing", async () => {
    const exported = await exportOf([
      RETENTION,
      LOOK,
      erasure([1], "asked"),
      erasure([0, 2], "hidden", 9),
    ]);
    exported.lines.splice(0, 3);

    expect(await faultsOf(exported)).toEqual(["Entries 0 to 2: their records were removed."]);
  });

  test("when their retention is over, less the two days in which a record may be sealed late", async () => {
    const exported = await exportOf([RETENTION, LOOK, refusal(1)]);
    exported.lines.splice(1, 2);
    exported.exportedAt = EVENING + 398 * DAY_MS + 61_000;

    const verdict = await verdictOn(exported);

    expect(verdict.faults).toEqual([]);
    expect(verdict.counts).toMatchObject({ proved: 1, expired: 2 });
  });

  test("but not before", async () => {
    const exported = await exportOf([RETENTION, LOOK, refusal(1)]);
    exported.lines.splice(1, 2);
    exported.exportedAt = EVENING + 398 * DAY_MS;

    expect(await faultsOf(exported)).toEqual(["Entries 1 and 2: their records were removed."]);
  });
});

describe("records that are genuine and make no sense are named", () => {
  test("a second request", async () => {
    const exported = await exportOf([request("r1"), outcome("r1"), request("r1", 4)]);

    expect(await faultsOf(exported)).toEqual([
      "Entry 2 (request, sealed 2026-11-27T22:46:00.000Z): run r1 has a second request.",
    ]);
  });

  test("a request without an outcome is no fault, and from six minutes on is told as not known", async () => {
    const exported = await exportOf([request("r1")]);
    const early = await verdictOn({ ...exported, exportedAt: EVENING + 361_000 });
    const late = await verdictOn({ ...exported, exportedAt: EVENING + 362_000 });

    const told = "How 1 run ended (r1): cut off, or the outcome was removed before it was sealed.";
    expect([early.faults, late.faults]).toEqual([[], []]);
    expect(early.notProved).not.toContain(told);
    expect(late.notProved).toContain(told);
  });

  test("an outcome without a request", async () => {
    const exported = await exportOf([outcome("r1")]);

    expect(await faultsOf(exported)).toEqual([
      "Entry 0 (outcome, sealed 2026-11-27T22:46:00.000Z): run r1 has an outcome and no request.",
    ]);
  });

  test("a record that an outcome was judged by and that was deleted before it was sealed", async () => {
    const hash = `sha256:${"ab".repeat(32)}`;
    const exported = await exportOf([request("r1"), outcome("r1", [hash])]);

    expect(await faultsOf(exported)).toEqual([
      "Entry 1 (outcome, sealed 2026-11-27T22:46:00.000Z): run r1 was judged by a record that is not there (sha256:abababababababababababababababababababababababababababababababab).",
    ]);
  });

  test("the line of a further try that was deleted before it was sealed", async () => {
    const hash = recordHashOf(sha256, sentAgain("r1"));
    const exported = await exportOf([request("r1"), outcome("r1", [hash])]);

    expect(await faultsOf(exported)).toEqual([
      `Entry 1 (outcome, sealed 2026-11-27T22:46:00.000Z): run r1 was judged by a record that is not there (${hash}).`,
    ]);
  });

  test("a plan of another hash", async () => {
    const exported = await exportOf([{ ...request("r1"), plan: { S: "{}" } }, outcome("r1")]);

    expect(await faultsOf(exported)).toEqual([
      "Entry 0 (request, sealed 2026-11-27T22:46:00.000Z): run r1 has a plan that is not the one of its hash.",
    ]);
  });

  test("a record that was written after it was sealed", async () => {
    const exported = await exportOf([
      refusal(1),
      { ...LOOK, recordedAt: { N: String(EVENING + 60_001) } },
    ]);

    expect(await faultsOf(exported)).toEqual([
      "Entry 1 (look, sealed 2026-11-27T22:46:00.000Z): its record HOME#home#ACCESS#2026-11/2026-11-27T22:45:04.000Z#k3 was written after it was sealed.",
    ]);
  });

  test("a run whose outcome was erased is none of them", async () => {
    const exported = await exportOf([request("r1"), outcome("r1"), erasure([1], "asked")]);
    exported.lines.splice(1, 1);
    exported.exportedAt = EVENING + 600_000;

    expect(await faultsOf(exported)).toEqual([]);
  });

  test("records that are not sealed yet count", async () => {
    const exported = await exportOf([request("r1")]);
    exported.lines.push(recordLine(outcome("r1")), recordLine({ PK: { S: "A" }, SK: { S: "B" } }));
    exported.exportedAt = EVENING + 420_000;

    const verdict = await verdictOn(exported);

    expect(verdict.faults).toEqual([]);
    expect(verdict.notProved.slice(-2)).toEqual([
      "Anything about 1 record too young to be sealed.",
      "Anything about 1 record from before there was a log.",
    ]);
  });
});

test("of a log that is broken everywhere a hundred faults are listed, and all are counted", async () => {
  const exported = await exportOf(refusals(600));
  exported.lines = exported.lines.map((_, index) => lineOf(LOOK, index));

  const verdict = await verdictOn(exported);

  expect(verdict.faults).toHaveLength(100);
  expect(verdict.faultCount).toBe(600);
  expect(verdict.proved).toEqual([]);
});
