// biome-ignore-all lint/suspicious/noTemplateCurlyInString: replacements of Java look like that.
import { describe, expect, test } from "vitest";
import { parseRule } from "#local/iot/rules/parse-rule.ts";
import { parseRuleSql } from "#local/iot/rules/parse-rule-sql.ts";
import { SqlFault } from "#local/iot/rules/rule-sql-tokens.ts";
import { messageSelector } from "#local/iot/rules/select-message.ts";
import { sqlContext } from "#local/iot/rules/sql-context.ts";
import type { JsonObject } from "#local/wire/json.ts";

const doubts: string[] = [];

const value = (expression: string, payload: JsonObject = {}): unknown => {
  doubts.length = 0;
  const message = { topic: "a", payload: Buffer.from(JSON.stringify(payload)) };
  const context = sqlContext(message, 0, (what) => doubts.push(what));
  const output = messageSelector(parseRuleSql(`SELECT ${expression} AS v FROM 'a'`))(context);
  return Buffer.isBuffer(output) ? undefined : output?.v;
};

const fault = (expression: string): string => {
  try {
    parseRuleSql(`SELECT ${expression} AS v FROM 'a'`);
  } catch (error) {
    if (error instanceof SqlFault) return error.message;
    throw error;
  }
  throw new Error("it was understood");
};

describe("functions of regular expressions", () => {
  test.for([
    // The examples of AWS's page.
    ["regexp_matches('aaaa', 'a{2,}')", true],
    ["regexp_matches('aaaa', 'b')", false],
    ["regexp_replace('abcd', 'bc', 'x')", "axd"],
    ["regexp_replace('abcd', 'b(.*)d', '$1')", "ac"],
    ["regexp_substr('hihihello', 'hi')", "hi"],
    ["regexp_substr('hihihello', '(hi)*')", "hihi"],
    // Its table of the first argument.
    ["regexp_matches(12, '^12$')", true],
    ["regexp_matches(1.5, '^1[.]5$')", true],
    ["regexp_matches(yes, '^true$')", true],
    ["regexp_matches(list, '^.1,2.$')", true],
    ["regexp_matches(object, '.a.:7')", true],
    ["regexp_matches(nil, '')", undefined],
    ["regexp_matches(nothing, '')", undefined],
    ["regexp_replace(12, '1', 'x')", "x2"],
    ["regexp_replace(nil, 'a', 'b')", undefined],
    ["regexp_replace(nothing, 'a', 'b')", undefined],
    ["regexp_substr(nil, 'a')", undefined],
    ["regexp_substr(nothing, 'a')", undefined],
    // All occurrences; nothing found changes nothing.
    ["regexp_replace('a-b-c', '-', '')", "abc"],
    ["regexp_replace('baaac', 'a+', '-')", "b-c"],
    ["regexp_replace('abc', 'x', 'y')", "abc"],
    ["regexp_replace('ab', '(a)(b)', '$2$1-$0')", "ba-ab"],
    ["regexp_replace('b', '(a)?b', '<$1>')", "<>"],
    ["regexp_replace('abc', 'b', '&')", "a&c"],
    ["regexp_replace('abc', 'b', '')", "ac"],
    ["regexp_substr('ab', 'a|ab')", "a"],
    ["regexp_substr('aab', 'a+?')", "a"],
    ["regexp_substr('foobar', 'foo(?=bar)')", "foo"],
    ["regexp_substr('foobaz', 'foo(?!bar)')", "foo"],
    ["regexp_matches('a]}/-', '^[a-c]]}/-$')", true],
    ["regexp_matches('a^-', '^[a^-]{3}$')", true],
    ["regexp_matches('a.b', '^a[.]b$')", true],
    ["regexp_matches('axb', '^a[.]b$')", false],
  ] as const)("%s", ([expression, expected]) => {
    const payload = { nil: null, yes: true, list: [1, 2], object: { a: 7 } };

    expect(value(expression, payload)).toEqual(expected);
  });

  test.for([
    ["\n", true],
    ["\r\n", true],
    ["\r", true],
    ["\u0085", true],
    ["\u2028", true],
    ["\n\n", false],
    ["\n\r", false],
    [" ", false],
    ["x", false],
  ] as const)("$ is true before one last line terminator, as in Java: %j %j", ([end, expected]) => {
    expect(value("regexp_matches(a, '^run$')", { a: `run${end}` })).toBe(expected);
  });

  test("$ is not true between CR and LF, and . is none of Java's line terminators", () => {
    expect(value("regexp_matches(a, '^a[^b]$')", { a: "a\r\n" })).toBe(false);
    expect(value("regexp_replace(a, '.', '!')", { a: "\n\r\u0085\u2028\u2029\t" })).toBe(
      "\n\r\u0085\u2028\u2029!",
    );
  });

  test("characters beyond the first plane are one, as in Java", () => {
    expect(value("regexp_matches(a, '^.$')", { a: "😀" })).toBe(true);
    expect(value("regexp_replace(a, '[😀-😂]', '.')", { a: "😁!" })).toBe(".!");
  });

  test("of a text that is too long for a shadow they are Undefined, and the doubt is told", () => {
    const long = value("regexp_matches(a, 'a')", { a: "a".repeat(8_193) });
    const told = [...doubts];
    const short = value("regexp_matches(a, 'a')", { a: "a".repeat(8_192) });

    expect(long).toBeUndefined();
    expect(told).toEqual([
      "regexp_matches of a text of more than 8192 characters is Undefined here",
    ]);
    expect(short).toBe(true);
    expect(doubts).toEqual([]);
  });

  test("regexp_substr without a match is Undefined, and the doubt is told", () => {
    expect(value("regexp_substr('abc', 'x')")).toBeUndefined();
    expect(doubts).toHaveLength(1);
  });
});

describe("what is not the same in Java and JavaScript is refused by name", () => {
  test.for([
    ["a*+b", "a possessive repetition"],
    ["a++", "a possessive repetition"],
    ["a{2}+", "a possessive repetition"],
    ["a**", "a repetition of a repetition"],
    ["(?i)a", "(? other than (?:, (?= and (?!"],
    ["(?i:a)", "(? other than"],
    ["(?<name>a)", "(? other than"],
    ["(?P<name>a)", "(? other than"],
    ["(?<=a)b", "(? other than"],
    ["(?<!a)b", "(? other than"],
    ["(?>a)", "(? other than"],
    ["\\Aa", "a backslash"],
    ["a\\z", "a backslash"],
    ["a\\Z", "a backslash"],
    ["\\p{javaLowerCase}", "a backslash"],
    ["\\d", "a backslash"],
    ["\\s", "a backslash"],
    ["(a)\\1", "a backslash"],
    ["\\Qa\\E", "a backslash"],
    ["[\\d]", "a backslash"],
    ["[a-z&&[^b]]", "&& inside a class"],
    ["[a[b]]", "[ inside a class"],
    ["[a-c-e]", "- inside a class"],
    ["[-a]", "- inside a class"],
    ["[z-a]", "the range z-a"],
    ["[]a]", "an empty class"],
    ["[a", "[ without ]"],
    ["(a", "( without )"],
    ["a)", ") without ("],
    ["*a", "* with nothing to repeat"],
    ["a|+", "+ with nothing to repeat"],
    ["a{", "{ without {n,m}"],
    ["a{,2}", "{ without {n,m}"],
    ["a{x}", "{ without {n,m}"],
    ["a{3,2}", "the bounds {3,2}"],
    ["a{1001}", "the bounds {1001}"],
    ["a{0}", "the bounds {0}"],
    ["^*", "a repeated assertion"],
    ["$+", "a repeated assertion"],
    ["(?=a)*", "a repeated assertion"],
    ["(a*)*", "a repetition of what may be empty"],
    ["(|a)+", "a repetition of what may be empty"],
    ["(?:(a)|b)*", "a group inside a repetition"],
    ["((a)|b)+", "a group inside a repetition"],
    [`${"(".repeat(21)}a${")".repeat(21)}`, "more than 20 levels of groups"],
  ] as const)("%s: %s", ([pattern, what]) => {
    const message = fault(`regexp_matches(a, '${pattern}')`);

    expect(message).toContain(what);
    expect(message).toContain(`in the pattern '${pattern}'`);
  });

  test.for([
    ["$", "the reference $"],
    ["$$", "the reference $"],
    ["$&", "the reference $"],
    ["${name}", "the reference $"],
    ["$12", "the reference $12"],
    ["$2", "$2, where the pattern has 1 groups,"],
    ["\\$", "a backslash"],
  ] as const)("the replacement %s: %s", ([replacement, what]) => {
    const message = fault(`regexp_replace(a, '(b)', '${replacement}')`);

    expect(message).toContain(what);
    expect(message).toContain(`in the replacement '${replacement}'`);
  });

  test.for(["", "a*", "^", "a|b?", "(?=a)"])(
    "the replacement of %j, which may be empty",
    (pattern) => {
      const message = fault(`regexp_replace(a, '${pattern}', 'x')`);

      expect(message).toBe("the replacement of a pattern that may be empty");
    },
  );

  test("when the rule is made, naming it and the place", () => {
    const make = () =>
      parseRule("Acknowledged", {
        TopicRulePayload: {
          AwsIotSqlVersion: "2016-03-23",
          Sql: "SELECT a FROM 'x' WHERE regexp_matches(a, 'a++')",
          Actions: [
            { Lambda: { FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f" } },
          ],
        },
      });

    expect(make).toThrow(
      `Topic rule Acknowledged: Sql is not understood: a possessive repetition in the pattern 'a++' at character 43, before "'a++')"`,
    );
  });
});
