import { expect, test } from "vitest";
import { itemToStore, storedItem } from "#adapters/audit/stored-item.ts";

test("an item is DynamoDB's own JSON: numbers are the texts that they are stored as, bytes are base64", () => {
  const item = {
    a: { N: "0.30" },
    b: { B: Uint8Array.of(255, 0) },
    c: { L: [{ M: { d: { NULL: true } } }] },
  } as const;

  expect(storedItem(item as never)).toEqual({
    a: { N: "0.30" },
    b: { B: "/wA=" },
    c: { L: [{ M: { d: { NULL: true } } }] },
  });
});

test.each([
  ["1e-7", "0.0000001"],
  ["-1.25e-7", "-0.000000125"],
  ["1e+21", "1000000000000000000000"],
  ["1.5e+21", "1500000000000000000000"],
  ["-0", "0"],
  ["12.5", "12.5"],
])("a number that JavaScript writes as %s is stored as %s", (written, stored) => {
  expect(itemToStore({ n: { L: [{ M: { n: { N: written } } }] } })).toEqual({
    n: { L: [{ M: { n: { N: stored } } }] },
  });
});
