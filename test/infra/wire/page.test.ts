import { describe, expect, test } from "vitest";
import { AwsError } from "#local/wire/aws-service.ts";
import { type Page, pageByName, pageByPosition } from "#local/wire/page.ts";

const LETTERS = ["a", "b", "c", "d", "e"];
const invalidToken = () => new AwsError("InvalidToken", "not a token");

/** Every page of a list, from the first to the one without a token. */
const allPages = <T>(read: (token: string | undefined) => Page<T>): (readonly T[])[] => {
  const pages: (readonly T[])[] = [];
  let token: string | undefined;
  do {
    const { items, next } = read(token);
    pages.push(items);
    token = next;
  } while (token !== undefined);
  return pages;
};

describe("a list that goes on at a position", () => {
  const pages = (size: number) =>
    allPages((token) => pageByPosition(LETTERS, { size, token, invalidToken }));

  test.each([
    [1, [["a"], ["b"], ["c"], ["d"], ["e"]]],
    [2, [["a", "b"], ["c", "d"], ["e"]]],
    [5, [["a", "b", "c", "d", "e"]]],
    [6, [["a", "b", "c", "d", "e"]]],
  ])("in pages of %i", (size, expected) => {
    expect(pages(size)).toEqual(expected);
  });

  test("without anything in it is one page", () => {
    expect(pageByPosition([], { size: 3, token: undefined, invalidToken })).toEqual({ items: [] });
  });

  test("that is shorter by now than where the token goes on ends there", () => {
    const { next } = pageByPosition(LETTERS, { size: 4, token: undefined, invalidToken });

    expect(pageByPosition(["a"], { size: 4, token: next, invalidToken })).toEqual({ items: [] });
  });
});

describe("a list that goes on after a name", () => {
  const finder = (names: readonly string[]) => (after: string, limit: number) =>
    names.filter((name) => name > after).slice(0, limit);
  const page = (names: readonly string[], size: number, token?: string) =>
    pageByName(finder(names), (name) => name, { size, token, invalidToken });

  test.each([
    [1, [["a"], ["b"], ["c"], ["d"], ["e"]]],
    [2, [["a", "b"], ["c", "d"], ["e"]]],
    [5, [["a", "b", "c", "d", "e"]]],
  ])("in pages of %i", (size, expected) => {
    expect(allPages((token) => page(LETTERS, size, token))).toEqual(expected);
  });

  test("neither repeats nor leaves out what stays, when names come and go between two pages", () => {
    const first = page(["a", "b", "c", "d"], 2);

    const second = page(["0", "a", "c", "d"], 2, first.next);

    expect(first.items).toEqual(["a", "b"]);
    expect(second).toEqual({ items: ["c", "d"] });
  });

  test("knows names of any letters", () => {
    const names = ["küche/lampe", "küche/tür", "$x"];

    expect(allPages((token) => page([...names].sort(), 1, token))).toEqual([
      ["$x"],
      ["küche/lampe"],
      ["küche/tür"],
    ]);
  });
});

describe("a token that no page ended with is the API's own error", () => {
  const encoded = (text: string): string => Buffer.from(text).toString("base64url");
  const byPosition = (token: string) => pageByPosition(LETTERS, { size: 2, token, invalidToken });
  const byName = (token: string) =>
    pageByName(
      () => LETTERS,
      (name) => name,
      { size: 2, token, invalidToken },
    );

  test.each([
    ["nothing", ""],
    ["what is no base64url", "!!"],
    ["base64url with padding", "MQ=="],
    ["bytes that are no UTF-8", Buffer.from([0xff, 0xfe]).toString("base64url")],
  ])("%s", (_what, token) => {
    expect(() => byPosition(token)).toThrow(expect.objectContaining({ code: "InvalidToken" }));
    expect(() => byName(token)).toThrow(expect.objectContaining({ code: "InvalidToken" }));
  });

  test.each(["b", "-1", "1.5", "1e3", "0x1", " 1", "9999999999"])("the position %j", (position) => {
    expect(() => byPosition(encoded(position))).toThrow(
      expect.objectContaining({ code: "InvalidToken" }),
    );
  });
});
