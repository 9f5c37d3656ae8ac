import { expect, test } from "vitest";
import { idOfName } from "#domain/home/id-of-name.ts";

test.each([
  ["Maple Street", "maple_street"],
  ["maple_street", "maple_street"],
  ["Lámpara  de pie", "lampara_de_pie"],
  ["Mum's", "mum_s"],
  ["7 Wege", "7_wege"],
  ["Ⅳ", "iv"],
  ["🌙", ""],
  ["дом", ""],
])("the name %j makes the id %j", (name, id) => {
  expect(idOfName(name)).toBe(id);
});
