import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { readWhole } from "#local/iot/doors/read-whole.ts";

/** A stream that gives a piece a read, as Node 26 does. */
class Pieces extends Readable {
  readonly #pieces: Buffer[];

  constructor(...texts: readonly string[]) {
    super();
    this.#pieces = texts.map((text) => Buffer.from(text));
  }

  override read(): unknown {
    return this.#pieces.shift() ?? null;
  }
}

test("a read gives all that has come, however many pieces it came in", () => {
  const stream = readWhole(new Pieces("CON", "NE", "CT"));

  expect(String(stream.read())).toBe("CONNECT");
  expect(stream.read()).toBeNull();
});

test("a read of a number of bytes is left as it is", () => {
  const stream = readWhole(Readable.from([Buffer.from("abc")], { objectMode: false }));
  stream.push(Buffer.from("xyz"));

  expect(String(stream.read(2))).toBe("xy");
});
