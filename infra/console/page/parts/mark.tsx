import { toneOf } from "../../model/tone.ts";
import { sayOneOf } from "../../words/words.ts";
import { say } from "../session/settings.ts";

const SIGNS = { good: "✓", busy: "…", warn: "!", bad: "✕", idle: "–" } as const;

/** How something ended, as a sign and a word: never by its colour alone. */
export const Mark = ({ group, word }: { readonly group: string; readonly word: string }) => {
  const tone = toneOf(word);
  return (
    <span class={`mark ${tone}`}>
      <span class="sign" aria-hidden="true">
        {SIGNS[tone]}
      </span>
      {sayOneOf(say, group, word)}
    </span>
  );
};
