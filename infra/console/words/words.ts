import table from "./words.json" with { type: "json" };

/** The name of a text of the page. */
export type Word = keyof typeof table;

/** Forms of a text by the number in it, as Intl.PluralRules names them; `other` is always there. */
type Forms = Readonly<Record<string, string>>;
type Text = string | Forms;

const TABLE: Readonly<Record<string, Readonly<Record<string, Text>>>> = table;

/** The languages that the table has, each by its own name. A column more there is a language more here. */
export const LANGUAGES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(table["language.name"]),
);

const FALLBACK = "en";

/** Gives texts of the page: `{name}` in them is what is given under that name; `{n}` also chooses the form. */
export type Say = (word: Word, given?: Readonly<Record<string, string | number>>) => string;

/** The texts in one language. */
export const wordsIn = (language: string): Say => {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (word, given = {}) => {
    const text = TABLE[word]?.[language] ?? TABLE[word]?.[FALLBACK] ?? word;
    return filled(typeof text === "string" ? text : formOf(text, given.n, plurals), given, numbers);
  };
};

const formOf = (forms: Forms, n: unknown, plurals: Intl.PluralRules): string =>
  forms[plurals.select(Number(n))] ?? forms.other ?? "";

const filled = (
  text: string,
  given: Readonly<Record<string, string | number>>,
  numbers: Intl.NumberFormat,
): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = given[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? numbers.format(value) : value;
  });

/** The text of a word that comes over the wire, such as an outcome; the word itself where the table has none. */
export const sayOneOf = (say: Say, group: string, word: string): string => {
  const name = `${group}.${word}`;
  return isWord(name) ? say(name) : word.replaceAll("_", " ");
};

const isWord = (name: string): name is Word => Object.hasOwn(TABLE, name);

/** The first of a reader's languages that the table has; English where it has none of them. */
export const languageFor = (wanted: readonly string[]): string => {
  for (const each of wanted) {
    const [language = ""] = each.toLowerCase().split("-");
    if (Object.hasOwn(LANGUAGES, language)) return language;
  }
  return FALLBACK;
};
