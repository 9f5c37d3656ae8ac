import { computed, signal } from "@preact/signals";
import { LANGUAGES, languageFor, type Say, wordsIn } from "../../words/words.ts";

const STORED = "language";

const chosen = (): string => {
  const stored = localStorage.getItem(STORED);
  return stored !== null && Object.hasOwn(LANGUAGES, stored)
    ? stored
    : languageFor(navigator.languages);
};

/** The language of the page. */
export const language = signal(chosen());

/** Chooses another one, for the next visit too. */
export const chooseLanguage = (next: string): void => {
  localStorage.setItem(STORED, next);
  language.value = next;
  document.documentElement.lang = next;
};

/** A text of the page in the chosen language. */
export const say: Say = (word, given) => wordsIn(language.value)(word, given);

/** How the reader writes numbers and dates: their own country's way, where it is of the chosen language. */
export const locale = computed(
  () =>
    navigator.languages.find((each) => each.toLowerCase().startsWith(language.value)) ??
    language.value,
);

/** The reader's own time zone. */
export const readerZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
