import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  closestNames,
  type Named,
  nearlyNamed,
  normalizeName,
  resolveName,
} from "#domain/home/names.ts";
import { HomeError } from "#domain/home-error.ts";
import { codeOf, messageOf } from "../code-of.ts";

const SCENES: readonly Named[] = [
  { id: "goodnight", name: "Good Night", aliases: ["bedtime", "🌙"] },
  { id: "good_morning", name: "Good Morning", aliases: ["☀️"] },
  { id: "movie_night", name: "Movie night", aliases: ["cinema"] },
];

const WHAT = { noun: "scene", unknown: "SceneUnknown", next: "Call get_home." } as const;

test.each([
  ["goodnight", "goodnight"],
  ["Good Night", "goodnight"],
  ["good_night", "goodnight"],
  ["  GOOD-NIGHT! ", "goodnight"],
  ["ｇｏｏｄ ｎｉｇｈｔ", "goodnight"],
  ["Café", "café"],
  ["Cafe\u0301", "café"],
  ["Straße 1", "straße1"],
  ["🌙", "🌙"],
  [" 🌙 ", "🌙"],
  ["☀️", "☀️"],
  ["🌙 night", "night"],
  ["", ""],
  ["   ", ""],
])("%j is the name %j", (name, normalized) => {
  expect(normalizeName(name)).toBe(normalized);
});

test("vowel signs tell Hindi words apart", () => {
  expect(normalizeName("दिन")).not.toBe(normalizeName("दान"));
});

test.each([
  ["goodnight", "goodnight"],
  ["Good Night", "goodnight"],
  ["GOOD NIGHT", "goodnight"],
  ["Bedtime", "goodnight"],
  ["bed time", "goodnight"],
  ["🌙", "goodnight"],
  ["☀️", "good_morning"],
  ["good morning", "good_morning"],
  ["Cinema", "movie_night"],
])("%j means %s", (name, id) => {
  expect(resolveName(name, SCENES, WHAT).id).toBe(id);
});

describe("a name without its accents", () => {
  const among: readonly Named[] = [
    { id: "kueche", name: "Küche", aliases: [] },
    { id: "strasse", name: "Straßenlampe", aliases: [] },
    { id: "cafe", name: "Café", aliases: ["Mølle"] },
    { id: "din", name: "दिन", aliases: [] },
  ];

  test.each([
    ["Kuche", "kueche"],
    ["KUECHE", "kueche"],
    ["küche", "kueche"],
    ["strassenlampe", "strasse"],
    ["Cafe", "cafe"],
    ["molle", "cafe"],
  ])("%j means %s", (name, id) => {
    expect(resolveName(name, among, WHAT).id).toBe(id);
  });

  test("is looked for only where nothing is called exactly so", () => {
    const both: readonly Named[] = [
      { id: "a", name: "Kuche", aliases: [] },
      { id: "b", name: "Küche", aliases: [] },
    ];

    expect(resolveName("Küche", both, WHAT).id).toBe("b");
    expect(resolveName("kuche", both, WHAT).id).toBe("a");
    expect(resolveName("kueche", both, WHAT).id).toBe("b");
  });

  test("is no other word where a mark makes another letter", () => {
    expect(codeOf(() => resolveName("दन", among, WHAT))).toBe("SceneUnknown");
  });
});

test.each([
  ["goodnihgt", ["goodnight"]],
  ["godnight", ["goodnight"]],
  ["bedtme", ["goodnight"]],
  ["moive nihgt", ["movie_night"]],
  ["cin", []],
  ["good evening", []],
])("one slip of the finger in %j is nearly %j", (name, ids) => {
  expect(nearlyNamed(name, SCENES).map(({ id }) => id)).toEqual(ids);
});

test("an exact id wins over another's alias", () => {
  const among: readonly Named[] = [
    { id: "lamp", name: "Hall", aliases: [] },
    { id: "desk", name: "Desk", aliases: ["Lamp"] },
  ];

  expect(resolveName("lamp", among, WHAT).id).toBe("lamp");
  expect(codeOf(() => resolveName("Lamp", among, WHAT))).toBe("NameAmbiguous");
});

// REQ: ambiguous-names
test("a name that two things have is not guessed; both ids are told", () => {
  const among: readonly Named[] = [
    { id: "lamp_1", name: "Lamp", aliases: [] },
    { id: "lamp_2", name: "lamp", aliases: ["Lamp"] },
  ];

  const message = messageOf(() => resolveName("LAMP", among, WHAT));

  expect(message).toBe(
    '"LAMP" means 2 scenes: lamp_1, lamp_2. Ask which one is meant and use its id. Nothing was changed.',
  );
});

// REQ: closest-names
test("a misspelt name is refused with the closest ids, most alike first", () => {
  const message = messageOf(() => resolveName("goodnihgt", SCENES, WHAT));

  expect(message).toBe(
    'No scene is called "goodnihgt". Closest: "goodnight", "good_morning", "movie_night". Call get_home. Nothing was changed.',
  );
});

test("a name that resembles none is refused with the known ids", () => {
  const message = messageOf(() => resolveName("zzz", SCENES, WHAT));

  expect(message).toBe(
    'No scene is called "zzz". Known: "goodnight", "good_morning", "movie_night". Call get_home. Nothing was changed.',
  );
});

test("of many known ids ten are told, and how many more there are", () => {
  const among = Array.from({ length: 12 }, (_, index) => ({
    id: `scene_${index}`,
    name: `Scene ${index}`,
    aliases: [],
  }));

  const message = messageOf(() => resolveName("zzz", among, WHAT));

  expect(message).toContain('"scene_9" and 2 more, which get_home lists.');
  expect(message).not.toContain('"scene_10"');
});

test("where there is nothing, it says so", () => {
  const message = messageOf(() => resolveName("zzz", [], WHAT));

  expect(message).toBe(
    'No scene is called "zzz". There are none. Call get_home. Nothing was changed.',
  );
});

test("an unknown name has the code it was asked for", () => {
  const unknown = { noun: "device", unknown: "DeviceUnknown", next: "" } as const;

  expect(codeOf(() => resolveName("zzz", SCENES, unknown))).toBe("DeviceUnknown");
});

describe("closestNames", () => {
  test.each([
    ["goodnigth", ["goodnight", "movie_night", "good_morning"]],
    ["morning", ["good_morning", "movie_night"]],
    ["night", ["goodnight", "movie_night"]],
    ["zzz", []],
    ["", []],
  ])("of %j are %j", (name, ids) => {
    expect(closestNames(name, SCENES)).toEqual(ids);
  });

  test.each([
    ["ab", "ba", true],
    ["abc", "bac", true],
    ["abcde", "axxxe", true],
    ["abcde", "axxxx", false],
    ["x", "x_ray", true],
    ["", "x_ray", false],
  ])("%j resembles %j: %s", (name, id, alike) => {
    expect(closestNames(name, [{ id, name: id, aliases: [] }])).toEqual(alike ? [id] : []);
  });

  test("are three at most, ties by id", () => {
    const among = ["lamp_d", "lamp_b", "lamp_a", "lamp_c"].map((id) => ({
      id,
      name: id,
      aliases: [],
    }));

    expect(closestNames("lamp_x", among)).toEqual(["lamp_a", "lamp_b", "lamp_c"]);
  });
});

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("lamp", "LAMP", "la mp", "🌙", "", "_"),
);
const anyNamed: fc.Arbitrary<Named> = fc.record({
  id: anyText,
  name: anyText,
  aliases: fc.array(anyText, { maxLength: 3 }),
});

test("any name among any things finds one of them or is refused with a code", () => {
  fc.assert(
    fc.property(anyText, fc.array(anyNamed, { maxLength: 6 }), (name, among) => {
      try {
        expect(among).toContain(resolveName(name, among, WHAT));
      } catch (error) {
        if (!(error instanceof HomeError)) throw error;
        expect(["SceneUnknown", "NameAmbiguous"]).toContain(error.code);
        expect(among.map((one) => one.id)).toEqual(expect.arrayContaining([...error.closest]));
      }
    }),
  );
});

test("a thing that is alone is found by each of its names", () => {
  fc.assert(
    fc.property(anyNamed, (one) => {
      for (const name of [one.id, one.name, ...one.aliases]) {
        expect(resolveName(name, [one], WHAT)).toBe(one);
      }
    }),
  );
});
