import { readdirSync, readFileSync } from "node:fs";
import { expect } from "vitest";

/** The clock of every vector: this, and ten seconds more for each step. */
export const FIRST_SECOND = 1_700_000_000;

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Members = Readonly<Record<string, Json>>;

/** What a step must bring. `…Exactly` compares the whole document, `…Text` its bytes, the others the members they name. */
export interface Expected {
  readonly accepted?: Members;
  readonly acceptedExactly?: Members;
  readonly documents?: Members;
  readonly documentsExactly?: Members;
  readonly delta?: Members;
  readonly deltaExactly?: Members;
  readonly deltaText?: string;
  readonly rejected?: Members;
  readonly rejectedExactly?: Members;
  readonly rejectedText?: string;
  /** Exactly these messages are published. */
  readonly published?: readonly string[];
  readonly names?: readonly string[];
}

export interface Step {
  readonly update?: Json;
  readonly get?: Json;
  readonly delete?: Json;
  readonly list?: true;
  readonly shadow?: string;
  readonly expect: Expected;
}

export interface VectorFile {
  readonly source: string;
  readonly proved: boolean;
  readonly cases: readonly { readonly name: string; readonly steps: readonly Step[] }[];
}

/** The texts that a step brought, by what they are. */
export interface Observed {
  readonly accepted?: string;
  readonly rejected?: string;
  readonly documents?: string;
  readonly delta?: string;
  readonly published?: readonly string[];
  readonly names?: readonly string[];
}

const directory = new URL("./iot-vectors/", import.meta.url);

/** Every vector of every file, named so that an unproved one shows. */
export const vectors = readdirSync(directory)
  .toSorted()
  .flatMap((file) => {
    const parsed = JSON.parse(readFileSync(new URL(file, directory), "utf8")) as VectorFile;
    return parsed.cases.map(({ name, steps }, index) => ({
      name: `${file.replace(".json", "")}: ${name}${parsed.proved ? "" : " (not proved against AWS)"}`,
      thing: `${file.replace(".json", "")}-${index}`,
      steps,
    }));
  });

/** The bytes of a request: JSON, or what `$raw:` and `$base64:` stand before; `{"$text": n}` is a long text. */
export const payloadOf = (request: Json): Buffer => {
  if (typeof request === "string") {
    if (request.startsWith("$base64:")) return Buffer.from(request.slice(8), "base64");
    return Buffer.from(request.startsWith("$raw:") ? request.slice(5) : request);
  }
  return Buffer.from(
    JSON.stringify(request, (_key, value: unknown) =>
      typeof value === "object" && value !== null && "$text" in value
        ? "x".repeat(Number(value.$text))
        : value,
    ),
  );
};

const parsed = (text: string | undefined): Members | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as Members);

/** Compares what a step brought with what it must bring. */
export const compare = (observed: Observed, expected: Expected, thing: string): void => {
  const named = (value: Members): Members =>
    JSON.parse(JSON.stringify(value).replaceAll("{thing}", thing)) as Members;
  const whole = (text: string | undefined, document: Members | undefined): void => {
    if (document !== undefined) expect(parsed(text)).toEqual(named(document));
  };
  const members = (text: string | undefined, document: Members | undefined): void => {
    if (document === undefined) return;
    const found = parsed(text);
    expect(found).toBeDefined();
    for (const [key, value] of Object.entries(named(document))) expect(found?.[key]).toEqual(value);
  };
  const wantsRejection = [expected.rejected, expected.rejectedExactly, expected.rejectedText].some(
    (each) => each !== undefined,
  );
  if (wantsRejection) expect(observed.accepted).toBeUndefined();
  else expect(observed.rejected).toBeUndefined();
  members(observed.accepted, expected.accepted);
  whole(observed.accepted, expected.acceptedExactly);
  members(observed.documents, expected.documents);
  whole(observed.documents, expected.documentsExactly);
  members(observed.delta, expected.delta);
  whole(observed.delta, expected.deltaExactly);
  if (expected.deltaText !== undefined) expect(observed.delta).toBe(expected.deltaText);
  members(observed.rejected, expected.rejected);
  whole(observed.rejected, expected.rejectedExactly);
  if (expected.rejectedText !== undefined) {
    expect(observed.rejected).toBe(expected.rejectedText.replaceAll("{thing}", thing));
  }
  if (expected.published !== undefined) {
    expect(observed.published?.toSorted()).toEqual(expected.published.toSorted());
  }
  if (expected.names !== undefined) expect(observed.names).toEqual(expected.names);
  // No answer carries times of a delta, whatever AWS's example shows.
  expect(parsed(observed.accepted)?.metadata ?? {}).not.toHaveProperty("delta");
};
