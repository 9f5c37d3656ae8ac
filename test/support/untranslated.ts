import table from "../../infra/console/words/words.json" with { type: "json" };

type Text = string | Readonly<Record<string, string>>;

const textsOf = (language: "en" | "de"): readonly string[] =>
  Object.values(table).flatMap((row: { readonly en: Text; readonly de: Text }) => {
    const text = row[language];
    return typeof text === "string" ? [text] : Object.values(text);
  });

// `{n} runs` is found as `3 runs`. What is nothing but a value says nothing about its language.
const patternsOf = (language: "en" | "de"): readonly RegExp[] =>
  textsOf(language)
    .filter((text) => /\p{L}{2}/u.test(text.replace(/\{\w+\}/g, "")))
    .map((text) => {
      const parts = text
        .split(/\{\w+\}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      return new RegExp(`^${parts.join(".+")}$`, "su");
    });

const ENGLISH = patternsOf("en");
const GERMAN = patternsOf("de");
const KEYS = new Set(Object.keys(table));

/** Which of the texts of a German page are the names of texts, or English ones of the table. */
export const untranslated = (texts: readonly string[]): readonly string[] =>
  texts.filter((text) => {
    const isEnglish = ENGLISH.some((one) => one.test(text));
    return KEYS.has(text) || (isEnglish && !GERMAN.some((one) => one.test(text)));
  });
