import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CheckDone, CheckName } from "../../../scripts/verify-deployment/check.ts";
import { CHECK_NAMES } from "../../../scripts/verify-deployment/check.ts";
import { CHECKS } from "../../../scripts/verify-deployment/checks.ts";
import { answered, QUESTIONS } from "../../../scripts/verify-deployment/questions.ts";

const README = readFileSync(
  join(import.meta.dirname, "..", "..", "..", "infra", "aws", "README.md"),
  "utf8",
);

const done = (check: CheckName, state: CheckDone["state"]): CheckDone => ({
  check,
  state,
  code: state === "holds" ? "Ok" : "Whatever",
  summary: "",
  tookMs: 1,
});

test("the questions are those that the document lists as not tried, each with what settles it", () => {
  const [, section = ""] = README.split("\n## What has not been tried against an account\n");
  const rows = [...section.matchAll(/^\| (.+?) \| (.+) \|$/gm)].slice(1);

  expect(rows.slice(1).map(([, question, settledBy]) => [question, settledBy])).toEqual(
    QUESTIONS.map(({ question, settledBy, otherwise }) => [
      question,
      settledBy.map((name) => `check \`${name}\``).join(", ") || otherwise,
    ]),
  );
});

test("each check is made once, and each question that none settles says what does", () => {
  expect(CHECKS.map(({ name }) => name)).toEqual([...CHECK_NAMES]);
  expect(
    QUESTIONS.filter(
      ({ settledBy, otherwise }) => settledBy.length === 0 && otherwise === undefined,
    ),
  ).toEqual([]);
  expect(new Set(QUESTIONS.map(({ id }) => id)).size).toBe(QUESTIONS.length);
});

// REQ: deployment-verified
test("a question is settled when all that it needs was made: yes or no", () => {
  const asked = (states: readonly CheckDone[]) =>
    answered(states).find(({ id }) => id === "leading-keys");

  expect(asked([done("audit records", "holds"), done("guest", "holds")])).toMatchObject({
    settled: true,
    holds: true,
  });
  expect(asked([done("audit records", "holds"), done("guest", "fails")])).toMatchObject({
    settled: true,
    holds: false,
  });
  expect(asked([done("audit records", "holds"), done("guest", "untried")])).toMatchObject({
    settled: false,
  });
  expect(asked([])).toMatchObject({ settled: false });
});
