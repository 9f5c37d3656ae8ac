import { counted } from "#domain/counted.ts";
import { HomeError, type HomeErrorCode } from "#domain/home-error.ts";

/** Something that people call by a name. */
export interface Named {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
}

/**
 * The letters and digits of a name: `Good Night`, `good_night` and `goodnight` are one name. A name without any, such
 * as `🌙`, stands for itself; else all such names would be one.
 */
export const normalizeName = (name: string): string => {
  const plain = name.normalize("NFKC").toLocaleLowerCase("en").trim();
  // Marks are letters' own: without its vowel signs a Hindi word is another word. Only the emoji selectors mean nothing.
  const letters = plain.replace(/[^\p{L}\p{M}\p{N}]|\p{Variation_Selector}/gu, "");
  return letters === "" ? plain : letters;
};

/**
 * The things that a name means: by id, name or alias, whatever the case and the spaces; and where none is called so,
 * whatever the accents too, `Kuche` and `Kueche` for `Küche`.
 */
export const namedAlike = <T extends Named>(name: string, among: readonly T[]): readonly T[] => {
  const wanted = normalizeName(name);
  const same = among.filter((one) => namesOf(one).some((each) => normalizeName(each) === wanted));
  if (same.length > 0) return same;
  const spellings = spellingsOf(name);
  return among.filter((one) =>
    namesOf(one).some((each) => spellingsOf(each).some((spelling) => spellings.includes(spelling))),
  );
};

const UMLAUTS: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue" };
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  ø: "o",
  å: "a",
  ł: "l",
  đ: "d",
};

// As it is typed where a keyboard has no accents. Of Latin letters alone: elsewhere a mark makes another letter.
const spellingsOf = (name: string): readonly string[] => {
  const plain = normalizeName(name);
  const german = plain.replace(/[äöü]/g, (letter) => UMLAUTS[letter] ?? letter);
  return [plain, german].map((text) =>
    text
      .replace(/[ßæøåłđ]/g, (letter) => LETTERS[letter] ?? letter)
      .normalize("NFD")
      .replace(/(\p{Script=Latin})\p{M}+/gu, "$1"),
  );
};

/**
 * Finds the one thing that a name means: by its exact id, else as `namedAlike` does.
 * @throws HomeError `unknown` with the closest names, or `NameAmbiguous` with the candidates. Nothing is guessed.
 */
export const resolveName = <T extends Named>(
  name: string,
  among: readonly T[],
  what: { readonly noun: string; readonly unknown: HomeErrorCode; readonly next: string },
): T => {
  const own = among.find((one) => one.id === name);
  if (own !== undefined) return own;
  const found = namedAlike(name, among);
  const [only, ...more] = found;
  if (only !== undefined && more.length === 0) return only;
  if (only !== undefined) {
    const candidates = found.map((one) => one.id);
    throw new HomeError(
      "NameAmbiguous",
      `"${name}" means ${counted(found.length, what.noun)}: ${candidates.join(", ")}. Ask which one is meant and use its id. Nothing was changed.`,
      { closest: candidates },
    );
  }
  const closest = closestNames(name, among);
  const offer =
    closest.length > 0 ? `Closest: ${closest.map((one) => `"${one}"`).join(", ")}.` : known(among);
  throw new HomeError(
    what.unknown,
    `No ${what.noun} is called "${name}". ${offer} ${what.next} Nothing was changed.`,
    { closest },
  );
};

const MOST_SHOWN = 10;

const known = (among: readonly Named[]): string => {
  if (among.length === 0) return "There are none.";
  const shown = among.slice(0, MOST_SHOWN).map((one) => `"${one.id}"`);
  const more = among.length - shown.length;
  return `Known: ${shown.join(", ")}${more > 0 ? ` and ${more} more, which get_home lists` : ""}.`;
};

const namesOf = (one: Named): readonly string[] => [one.id, one.name, ...one.aliases];

// Below this share of equal letters an offer would be a guess.
const CLOSE_ENOUGH = 0.4;

/** Up to three ids whose id, name or an alias resembles the name, most alike first. */
export const closestNames = (name: string, among: readonly Named[]): readonly string[] => {
  const wanted = normalizeName(name);
  return among
    .map((one) => ({
      id: one.id,
      likeness: Math.max(...namesOf(one).map((each) => likeness(wanted, normalizeName(each)))),
    }))
    .filter((one) => one.likeness >= CLOSE_ENOUGH)
    .sort((a, b) => b.likeness - a.likeness || (a.id < b.id ? -1 : 1))
    .slice(0, 3)
    .map((one) => one.id);
};

/** 1 for the same text, 0 for nothing in common: one minus the edit distance over the longer length. */
const likeness = (a: string, b: string): number => {
  const longer = Math.max(a.length, b.length);
  if (longer === 0) return 1;
  if (a.length > 0 && b.length > 0 && (a.includes(b) || b.includes(a))) {
    return Math.max(0.5, Math.min(a.length, b.length) / longer);
  }
  return 1 - editDistance(a, b) / longer;
};

/**
 * The things whose id, name or an alias is but one slip of the finger away from a name, two in a long one. Only for what
 * looks and changes nothing: whoever acts on a name must have said it.
 */
export const nearlyNamed = <T extends Named>(name: string, among: readonly T[]): readonly T[] => {
  const [wanted = ""] = spellingsOf(name);
  const most = wanted.length < SHORT ? 0 : wanted.length < LONG ? 1 : 2;
  return among.filter((one) =>
    namesOf(one).some((each) => editDistance(wanted, spellingsOf(each)[0] ?? "") <= most),
  );
};

// "lamp" and "lamb" are two words; "livingroom" and "livignroom" are one.
const SHORT = 5;
const LONG = 9;

/** Letters to insert, delete, replace or swap with their neighbour to make one text of the other (optimal string alignment). */
const editDistance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const cell = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, cell(i - 2, j - 2) + 1);
      }
      row.push(best);
    }
  }
  return cell(a.length, b.length);
};
