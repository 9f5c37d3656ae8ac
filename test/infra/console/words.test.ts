import { describe, expect, test } from "vitest";
import table from "../../../infra/console/words/words.json" with { type: "json" };
import { LANGUAGES, languageFor, sayOneOf, wordsIn } from "../../../infra/console/words/words.ts";

type Text = string | Readonly<Record<string, string>>;
const texts: readonly (readonly [string, Readonly<Record<string, Text>>])[] = Object.entries(table);

const formsOf = (text: Text | undefined): readonly string[] =>
  text === undefined ? [] : typeof text === "string" ? [text] : Object.values(text);
const placesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted();

test("there is English, and there is German", () => {
  expect(LANGUAGES).toEqual({ en: "English", de: "Deutsch" });
});

test.each(texts)("%s is there in each language, and asks for the same", (_, inLanguages) => {
  expect(Object.keys(inLanguages)).toEqual(Object.keys(LANGUAGES));
  const all = Object.values(inLanguages);
  const most = Math.max(...all.flatMap(formsOf).map((form) => placesIn(form).length));
  for (const text of all) {
    expect(formsOf(text).every((form) => form.trim() !== "")).toBe(true);
    expect(Math.max(...formsOf(text).map((form) => placesIn(form).length))).toBe(most);
    if (typeof text !== "string") expect(text).toHaveProperty("other");
  }
});

describe("a text", () => {
  test("takes what is given, its number's form, and the language's way to write numbers", () => {
    expect(wordsIn("en")("overview.runs_count", { n: 1 })).toBe("1 run");
    expect(wordsIn("de")("overview.runs_count", { n: 12_345 })).toBe("12.345 Läufe");
  });

  test("puts names in as they are: a name is never a form, a place or markup of ours", () => {
    expect(wordsIn("en")("scenes.question", { scene: "<b>{n}</b>" })).toBe("Run <b>{n}</b>?");
  });

  test("of a word that nobody here knows is that word", () => {
    expect(sayOneOf(wordsIn("de"), "outcome", "timed_out")).toBe("keine Antwort");
    expect(sayOneOf(wordsIn("de"), "outcome", "brand_new")).toBe("brand new");
    expect(sayOneOf(wordsIn("de"), "outcome", "constructor")).toBe("constructor");
  });
});

test("the page's language is the first of the reader's that it has", () => {
  expect(languageFor(["fr-FR", "de-AT", "en"])).toBe("de");
  expect(languageFor(["fr-FR"])).toBe("en");
});
