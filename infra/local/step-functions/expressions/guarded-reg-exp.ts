import { createContext, Script } from "node:vm";

/** An evaluation that is too much for the main thread; it is done again in a worker, which can be ended. */
export class TooHeavy extends Error {
  override readonly name = "TooHeavy";
}

const sandbox: { pattern: RegExp | undefined; text: string } = { pattern: undefined, text: "" };
const context = createContext(sandbox);
const script = new Script("RegExp.prototype.exec.call(pattern, text)");
const MAX_MATCH_MS = 25;

// One repetition of one character is quadratic at worst; two, or one of a group, can be anything up to exponential.
const SAFE_TEXT_LENGTH = 2_000;

const riskOf = (source: string): "none" | "small" | "large" => {
  const withoutClasses = source.replace(/\\./gs, "_").replace(/\[[^\]]*\]/g, "_");
  const repetitions = withoutClasses.match(/\)?[*+{]/g) ?? [];
  if (repetitions.length === 0) return "none";
  return repetitions.length === 1 && !repetitions[0]?.startsWith(")") ? "small" : "large";
};

/** A regular expression that gives up with TooHeavy where matching could stop the whole process. */
export class GuardedRegExp extends RegExp {
  readonly #risk: "none" | "small" | "large";

  constructor(pattern: RegExp | string, flags?: string) {
    super(pattern, flags);
    this.#risk = riskOf(this.source);
  }

  override exec(text: string): RegExpExecArray | null {
    const isSafe =
      this.#risk === "none" || (this.#risk === "small" && text.length <= SAFE_TEXT_LENGTH);
    return isSafe ? super.exec(text) : this.#execInTime(text);
  }

  // Costs a tenth of a millisecond: the time limit of node:vm is kept by a thread of its own.
  #execInTime(text: string): RegExpExecArray | null {
    const plain = new RegExp(this.source, this.flags);
    plain.lastIndex = this.lastIndex;
    sandbox.pattern = plain;
    sandbox.text = text;
    try {
      const match = script.runInContext(context, {
        timeout: MAX_MATCH_MS,
      }) as RegExpExecArray | null;
      this.lastIndex = plain.lastIndex;
      return match;
    } catch (error) {
      throw new TooHeavy("A regular expression took too long.", { cause: error });
    } finally {
      sandbox.pattern = undefined;
      sandbox.text = "";
    }
  }
}
