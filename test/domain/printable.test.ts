import { expect, test } from "vitest";
import { counted } from "#domain/counted.ts";
import { isPrintable, shown } from "#domain/printable.ts";

test.each([
  ["Größe 1", true],
  ["دو\u200cتا", true],
  ["👩\u200d🚀", true],
  ["☀️", true],
  ["", true],
  ["a\nb", false],
  ["a\u007fb", false],
  ["a\u0085b", false],
  ["a\u2028b", false],
  ["a\u202eb", false],
  ["a\u200bb", false],
  ["a\ufeffb", false],
  ["a\u{e0041}b", false],
  ["a\ud800b", false],
  ["a\ue000b", false],
])("%j can be seen whole: %s", (text, visible) => {
  expect(isPrintable(text)).toBe(visible);
});

test.each([
  ["x", '"x"'],
  [["a", 1], '["a",1]'],
  [undefined, "undefined"],
  ["a\nb", '"a\\nb"'],
  ["a".repeat(78), `"${"a".repeat(78)}"`],
  ["a".repeat(79), `"${"a".repeat(79)}…`],
])("%j is quoted as %s", (value, text) => {
  expect(shown(value)).toBe(text);
});

test.each([
  [0, "0 devices"],
  [1, "1 device"],
  [2, "2 devices"],
])("%i of a noun is: %s", (count, text) => {
  expect(counted(count, "device")).toBe(text);
});
