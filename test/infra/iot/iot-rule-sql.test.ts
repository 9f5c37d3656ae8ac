import { describe, expect, test } from "vitest";
import type { SqlContext } from "#local/iot/rules/compile-sql.ts";
import { parseRuleSql } from "#local/iot/rules/parse-rule-sql.ts";
import { SqlFault } from "#local/iot/rules/rule-sql-tokens.ts";
import { messageSelector } from "#local/iot/rules/select-message.ts";
import { sqlContext } from "#local/iot/rules/sql-context.ts";
import type { JsonObject } from "#local/wire/json.ts";

const message = (payload: string, topic = "home/hall/lamp", clientId?: string): SqlContext => ({
  ...sqlContext(
    { topic, payload: Buffer.from(payload), ...(clientId === undefined ? {} : { clientId }) },
    1_700_000_000_123,
    () => {},
  ),
  newUuid: () => "11111111-2222-3333-4444-555555555555",
});

const select = (sql: string, payload: unknown, topic?: string): JsonObject | undefined => {
  const output = messageSelector(parseRuleSql(sql))(message(JSON.stringify(payload), topic));
  if (Buffer.isBuffer(output)) throw new Error("the payload went on as it is");
  return output;
};

const value = (expression: string, payload: unknown = {}): unknown =>
  select(`SELECT ${expression} AS v FROM 'a'`, payload)?.v;

const fault = (sql: string): { readonly message: string; readonly offset: number } => {
  try {
    parseRuleSql(sql);
  } catch (error) {
    if (error instanceof SqlFault) return { message: error.message, offset: error.offset };
    throw error;
  }
  throw new Error("it was understood");
};

describe("SELECT", () => {
  test.for([
    ["a path is named by its last member", "color.red", { color: { red: 255 } }, { red: 255 }],
    ["AS names it", "color.red AS r", { color: { red: 255 } }, { r: 255 }],
    ["AS with dots builds objects", "1 AS a.b, 2 AS a.c", {}, { a: { b: 1, c: 2 } }],
    ["* is the whole payload", "*", { a: 1, b: { c: null } }, { a: 1, b: { c: null } }],
    ["* and more", "*, topic(2) AS room", { a: 1 }, { a: 1, room: "hall" }],
    ["Undefined is left out", "nothing.at.all AS n, a", { a: 1 }, { a: 1 }],
    ["null stays", "a", { a: null }, { a: null }],
    ["a path through a scalar is Undefined", "a.b AS n", { a: 1 }, {}],
    ["a path does not reach prototypes", "constructor AS c, a.toString AS t", { a: {} }, {}],
    ["timestamp is a member where it is no call", "timestamp AS t", { timestamp: 5 }, { t: 5 }],
    ["keywords have any case", "a as b", { a: 1 }, { b: 1 }],
  ] as const)("%s", ([, items, payload, output]) => {
    expect(select(`SELECT ${items} FROM 'home/+/lamp'`, payload)).toEqual(output);
  });

  test.each(["80 %", "[1, 2]", "7", "null", "\u0000\u0001"])(
    "* lets a payload that is no JSON object go on as it is: %j",
    (payload) => {
      const output = messageSelector(parseRuleSql("SELECT * FROM 'a'"))(message(payload));

      expect(output).toEqual(Buffer.from(payload));
    },
  );

  test("a payload that is not JSON has no members, and can be encoded", () => {
    const sql = parseRuleSql("SELECT *, a, encode(*, 'base64') AS raw FROM 'a'");

    const output = messageSelector(sql)(message("80 %"));

    expect(output).toEqual({ raw: "ODAgJQ==" });
  });
});

describe("functions", () => {
  test.for([
    ["topic()", "home/hall/lamp"],
    ["topic(1)", "home"],
    ["topic(3)", "lamp"],
    ["topic(4)", undefined],
    ["topic(0)", undefined],
    ["timestamp()", 1_700_000_000_123],
    ["parse_time('yyyy-MM-dd', timestamp())", "2023-11-14"],
    ["parse_time('HH:mm:ss.SSS', timestamp(), 'UTC')", "22:13:20.123"],
    ["parse_time(\"yyyy.MM\", '0')", "1970.01"],
    ["parse_time('yyyy', nothing)", undefined],
    ["timestamp() + 1", 1_700_000_000_124],
    ["1 + 2 + 3", 6],
    ["'a' + 1 + true", "a1true"],
    ["1 + nothing", undefined],
    ["true + false", undefined],
    ["'a' + nil", undefined],
    ["newuuid()", "11111111-2222-3333-4444-555555555555"],
    ["clientid()", "n/a"],
    ["concat()", undefined],
    ["concat('con', \"cat\")", "concat"],
    ["concat(1, 'hello')", "1hello"],
    ["concat(true, '/', 1.5)", "true/1.5"],
    ["concat(list, 4)", [1, 2, 4]],
    ["concat(list, 'x', list)", [1, 2, "x", 1, 2]],
    ["concat(1, 2)", undefined],
    ["concat('RUN#', nothing)", undefined],
    ["concat('a', null)", undefined],
    ["ISUNDEFINED(nothing)", true],
    ["isundefined(Concat('a', 'b'))", false],
    ["NewUUID()", "11111111-2222-3333-4444-555555555555"],
    ["REGEXP_MATCHES('ab', 'a')", true],
    ["CAST('7' AS Int)", 7],
    ["concat('', 1000000000000000000000)", "1000000000000000000000"],
    ["isUndefined(nothing)", true],
    ["isUndefined(nil)", false],
    ["isNull(nil)", true],
    ["isNull(nothing)", false],
    ["nanvl(nothing, 'x')", "x"],
    ["nanvl(nil, 'x')", "x"],
    ["nanvl('a', 'x')", "a"],
    ["get(list, 1)", 2],
    ["get(list, 2)", undefined],
    ["get(list, '0')", 1],
    ["get('abc', 1)", "b"],
    ["get(object, 'a-b')", 7],
    ["get(object, 0)", undefined],
    ["get(nothing, 0)", undefined],
    ["encode('ab', 'base64')", "YWI="],
    ["encode(object, 'base64')", "eyJhLWIiOjd9"],
    ["encode(nothing, 'base64')", undefined],
    ["cast('5E-1' AS Decimal)", 0.5],
    ["cast('abc' AS Int)", undefined],
    ["cast(-1.5 AS int)", -2],
    ["cast(true AS Int)", 1],
    ["cast(0 AS Boolean)", false],
    ["cast('TRUE' AS Bool)", true],
    ["cast(list AS String)", "[1,2]"],
    ["cast(nil AS String)", undefined],
  ] as const)("%s", ([expression, expected]) => {
    const payload = { nil: null, list: [1, 2], object: { "a-b": 7 } };

    const output = select(`SELECT ${expression} AS v FROM 'home/hall/lamp'`, payload);

    expect(output?.v).toEqual(expected);
  });

  test("clientid() is the publisher's", () => {
    const sql = parseRuleSql("SELECT clientid() AS who FROM 'a'");

    expect(messageSelector(sql)(message("{}", "a", "lamp-1"))).toEqual({ who: "lamp-1" });
  });
});

describe("operators", () => {
  test.for([
    ["1 = 1", true],
    ["1 = 1.0", true],
    ["'1' = 1", false],
    ["'1' <> 1", true],
    ["nil = null", true],
    ["nil <> null", false],
    ["nothing = 1", undefined],
    ["1 <> nothing", undefined],
    ["nothing <> nothing", undefined],
    ["list = list", true],
    ["object <> list", true],
    ["2 > 1", true],
    ["'10' > 9", true],
    ["'abc' > 9", undefined],
    ["-1 <= -1", true],
    ["true < 2", undefined],
    ["NOT true", false],
    ["NOT 'FALSE'", true],
    ["NOT 1", undefined],
    ["NOT 1 = 2", true],
    ["true OR false AND false", true],
    ["(true OR false) AND false", false],
    ["NOT false AND false", false],
    ["'true' AND true", true],
    ["true AND nothing", undefined],
    ["false AND nothing", undefined],
    ["true OR nothing", undefined],
  ] as const)("%s", ([expression, expected]) => {
    const output = value(expression, { nil: null, list: [1], object: { a: 1 } });

    expect(output).toEqual(expected);
  });
});

describe("WHERE", () => {
  const changed = `SELECT topic(3) AS thing FROM '$aws/things/+/shadow/update/documents'
    WHERE NOT isUndefined(current.state.reported.command.run)
    AND nanvl(previous.state.reported.command.id, '') <> current.state.reported.command.id`;
  const reported = (id: string): JsonObject => ({
    state: { reported: { command: { id, run: "r" } } },
  });

  test.for([
    ["the first command, of a shadow that is new", null, reported("1"), { thing: "lamp" }],
    [
      "the first command, of a shadow that was there",
      { state: {} },
      reported("1"),
      { thing: "lamp" },
    ],
    ["the next command", reported("1"), reported("2"), { thing: "lamp" }],
    ["not the same command again", reported("1"), reported("1"), undefined],
    [
      "not a report without a command",
      reported("1"),
      { state: { reported: { on: true } } },
      undefined,
    ],
  ] as const)("selects %s", ([, previous, current, output]) => {
    const topic = "$aws/things/lamp/shadow/update/documents";

    expect(select(changed, { previous, current }, topic)).toEqual(output);
  });

  test("true OR Undefined does not select, and the doubt is told", () => {
    const doubts: string[] = [];
    const sql = parseRuleSql("SELECT a FROM 'a' WHERE isUndefined(b) OR a <> b");

    const output = messageSelector(sql)({
      ...message('{"a":1}'),
      doubt: (what) => doubts.push(what),
    });

    expect(output).toBeUndefined();
    expect(doubts).toHaveLength(1);
  });

  test.for([
    ["x AND y", { x: "True", y: true }, { a: 1 }],
    ["x AND y", { x: true, y: "no" }, undefined],
    ["x AND (y AND z)", { x: "true", y: "true", z: "true" }, { a: 1 }],
    ["x", { x: "true" }, undefined],
  ] as const)("WHERE %s of %j selects %j: AND converts a text", ([where, members, output]) => {
    expect(select(`SELECT a FROM 'a' WHERE ${where}`, { a: 1, ...members })).toEqual(output);
  });

  test("what stands behind an AND that is not true is not looked at", () => {
    const doubts: string[] = [];
    const sql = parseRuleSql("SELECT a FROM 'a' WHERE a = 2 AND (isUndefined(b) OR a <> b)");

    const output = messageSelector(sql)({
      ...message('{"a":1}'),
      doubt: (what) => doubts.push(what),
    });

    expect(output).toBeUndefined();
    expect(doubts).toEqual([]);
  });
});

describe("what is not in the subset is refused with its place", () => {
  test.for([
    ["SELECT a FROM 'x' WHERE startswith(a, 'b')", 24],
    ["SELECT a FROM 'x' WHERE regexp_matches(a, b)", 42],
    ["SELECT a FROM 'x' WHERE regexp_matches(a, 'b', 'c')", 45],
    ["SELECT regexp_replace(a, 'b') AS c FROM 'x'", 28],
    ["SELECT a * 1 AS b FROM 'x'", 9],
    ["SELECT a - b AS c FROM 'x'", 9],
    ["SELECT parse_time('yyyy-DDD', a) AS t FROM 'x'", 18],
    ["SELECT parse_time('yyyy''T', a) AS t FROM 'x'", 18],
    ["SELECT parse_time(p, a) AS t FROM 'x'", 18],
    ["SELECT parse_time('yyyy', a, 'Europe/Berlin') AS t FROM 'x'", 29],
    ["SELECT state.* FROM 'x'", 13],
    ["SELECT a[0] AS b FROM 'x'", 8],
    ["SELECT CASE a WHEN 1 THEN 2 END AS b FROM 'x'", 7],
    ["SELECT topic(3) FROM 'x'", 7],
    ["SELECT get(a, 'b').c AS d FROM 'x'", 18],
    ["SELECT VALUE a FROM 'x'", 13],
    ["SELECT topic(1, 2) AS t FROM 'x'", 7],
    ["SELECT encode(a, 'hex') AS t FROM 'x'", 17],
    ["SELECT cast(a AS Date) AS t FROM 'x'", 17],
    ["SELECT a FROM 'x' WHERE a = b = c", 30],
    ["SELECT a FROM 'x' WHERE a IN (1)", 26],
    ["SELECT a FROM 'x/#/y'", 14],
    ["SELECT a FROM 'a/b/c/d/e/f/g/h/i'", 14],
    ["SELECT a FROM 'x", 14],
    ["SELECT a FROM x", 14],
    ["SELECT a", 8],
    ["SELECT FROM 'x'", 7],
    ["", 0],
    ["DELETE a FROM 'x'", 0],
    ["SELECT a FROM 'x' WHERE", 23],
    ["SELECT a FROM 'x' WHERE (a = 1", 30],
    ["SELECT a FROM 'x'; SELECT b FROM 'y'", 17],
    ["SELECT a AS b-c FROM 'x'", 13],
    ["SELECT Topics(3) AS t FROM 'x'", 7],
    [`SELECT a FROM 'x' WHERE ${"(".repeat(60)}a${")".repeat(60)}`, 75],
  ] as const)("%s", ([sql, offset]) => {
    expect(fault(sql).offset).toBe(offset);
  });
});
