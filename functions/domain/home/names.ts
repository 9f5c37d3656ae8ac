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
 * Finds the one thing that a name means: by its exact id, else by id, name or alias, whatever the case and the spaces.
 * @throws HomeError `unknown` with the closest names, or `NameAmbiguous` with the candidates. Nothing is guessed.
 */
export const resolveName = <T extends Named>(
  name: string,
  among: readonly T[],
  what: { readonly noun: string; readonly unknown: HomeErrorCode; readonly next: string },
): T => {
  const own = among.find((one) => one.id === name);
  if (own !== undefined) return own;
  const wanted = normalizeName(name);
  const found = among.filter((one) => namesOf(one).some((each) => normalizeName(each) === wanted));
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
