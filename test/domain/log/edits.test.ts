import fc from "fast-check";
import { expect, test } from "vitest";
import { recordLine } from "#domain/log/exported-records.ts";
import type { Item } from "#domain/log/leaf.ts";
import { exportOf, faultsOf, saltOf } from "./an-export.ts";
import { EVENING } from "./house-records.ts";

// A record of a new form, with whatever fields: nothing of the log knows it.
const attribute: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({ S: fc.string({ unit: "grapheme" }) }),
  fc.record({ N: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) }),
  fc.record({ BOOL: fc.boolean() }),
  fc.record({ L: fc.array(fc.record({ S: fc.string() }), { maxLength: 3 }) }),
);
const items = fc
  .array(fc.dictionary(fc.string({ minLength: 1 }), attribute, { maxKeys: 4 }), {
    minLength: 1,
    maxLength: 20,
  })
  .map((list) =>
    list.map(
      (fields, at): Item => ({
        ...fields,
        PK: { S: "HOME#home#NEW" },
        SK: { S: String(at) },
        recordedAt: { N: String(EVENING) },
      }),
    ),
  );

test("whatever records are sealed, their export is whole", async () => {
  await fc.assert(
    fc.asyncProperty(items, async (sealed) => {
      expect(await faultsOf(await exportOf(sealed))).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test("no edit of any byte of any file passes", async () => {
  await fc.assert(
    fc.asyncProperty(items, fc.nat(), fc.nat(), fc.nat(254), async (sealed, file, at, change) => {
      const exported = await exportOf(sealed);
      const places = ["checkpoint", "records", ...exported.files.keys()];
      const place = places[file % places.length] ?? "checkpoint";
      const edit = (bytes: Uint8Array): Uint8Array => {
        const offset = at % bytes.length;
        return bytes.with(offset, ((bytes[offset] ?? 0) + 1 + change) % 256);
      };
      const editText = (text: string): string =>
        new TextDecoder().decode(edit(new TextEncoder().encode(text)));
      let whole = false;
      if (place === "checkpoint") exported.checkpoint = editText(exported.checkpoint);
      else if (place === "records") {
        const before = exported.lines.join("\n");
        const after = editText(before);
        exported.lines = after.split("\n");
        whole = sameRecords(before, after);
      } else exported.files.set(place, edit(exported.files.get(place) ?? new Uint8Array()));

      expect((await faultsOf(exported)).length > 0 || whole).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("no record passes in another's place", async () => {
  await fc.assert(
    fc.asyncProperty(items, fc.nat(), fc.nat(), async (sealed, one, other) => {
      const [from, to] = [one % sealed.length, other % sealed.length];
      fc.pre(from !== to);
      const exported = await exportOf(sealed);
      const moved = sealed[from] ?? {};
      exported.lines[to] = recordLine(moved, { index: to, salt: saltOf(to) });

      expect(await faultsOf(exported)).not.toEqual([]);
    }),
    { numRuns: 50 },
  );
});

/** An edit may change the text of a line and not what it says, such as one escape for another of the same sign. */
const sameRecords = (before: string, after: string): boolean => {
  const valuesOf = (text: string): unknown => {
    try {
      return text.split("\n").map((line): unknown => JSON.parse(line));
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  };
  return JSON.stringify(valuesOf(before)) === JSON.stringify(valuesOf(after));
};
